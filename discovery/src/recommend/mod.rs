//! What goes with what.
