//! Files that staff bring in.

named_enum! {
    /// Where an import stands.
    pub enum ImportState {
        /// The dry run is under way.
        Checking = "checking",
        /// It is known what the file would do.
        Checked = "checked",
        /// It is being taken in.
        Importing = "importing",
        /// It was taken in.
        Done = "done",
        /// Somebody stopped it. What was taken in by then stays.
        Canceled = "canceled",
        /// The file can't be read.
        Failed = "failed",
    }
}

impl ImportState {
    /// Whether the shop is working on it.
    pub fn is_busy(self) -> bool {
        matches!(self, Self::Checking | Self::Importing)
    }
}
