"""A chat model on this machine: which one, how it is fetched, and how it is served.

Only reached where `POLICY_LLM=local`. To the rest of the product the model is one more server
that speaks OpenAI's protocol; nothing here knows questions, evidence or answers.
"""
