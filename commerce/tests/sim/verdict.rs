//! What is broken, by the name of the invariant.

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub invariant: &'static str,
    pub subject: String,
}

/// Everything that was found broken.
#[derive(Debug, Default)]
pub struct Found(Vec<Violation>);

impl Found {
    /// Notes an invariant that does not hold. The subject is put into words only then.
    pub fn holds<S: ToString>(&mut self, invariant: &'static str, it_does: bool, subject: impl FnOnce() -> S) {
        if !it_does {
            self.0.push(Violation { invariant, subject: subject().to_string() });
        }
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn forget_after(&mut self, kept: usize) {
        self.0.truncate(kept);
    }

    pub fn take(&mut self) -> Vec<Violation> {
        std::mem::take(&mut self.0)
    }
}
