"""Whether a person or enterprise may have a measure, criterion by criterion, without a model."""
