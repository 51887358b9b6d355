//! Recommendations against what customers bought later.
