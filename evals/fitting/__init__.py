"""Estimates the retrieval parameters of the default embedding model from the open sets.

`python -m evals.fitting DATA_FOLDER` reads the sets, embeds them once into a work folder, fits, and
writes `index/data/multilingual-e5-small.npz` and `docs/retrieval-training.md`.

    sets.py         passages, questions and gold of each set
    embedded.py     their vectors, kept in the work folder
    folds.py        which questions are held out together
    query_map.py    the map of questions, by gradient
    candidates.py   what is reranked for a question, with its features
    gate.py         how the features make a score, by gradient
    relevance.py    the probability that a passage answers, by Newton's method
    search.py       which questions are put to which passages, and what each ranking finds
    figures.py      measures of rankings and of probabilities
    training.py     the steps, in order
    parameters.py   the file that is written
    report.py       the report that is written

`python -m evals.fitting.support DATA_FOLDER` estimates how well a passage must meet a sentence that
cites it, and writes `docs/support-threshold.md`.

    claims.py              sentences of each set and the passages that bear them out
    support.py             how well these and other passages meet them
    support_thresholds.py  what follows from it
    support_report.py      the report that is written
"""
