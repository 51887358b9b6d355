//! What fits some words.
