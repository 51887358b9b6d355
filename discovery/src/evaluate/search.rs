//! Searches against judgements.
