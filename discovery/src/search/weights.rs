//! What counts how much; found by measuring on judged searches.

/// The weights of the ranking, all without a unit.
#[derive(Clone, Debug)]
pub struct Weights {
    /// Of a match in the name's head, brand, kind (categories and options), tags (and attributes), description, codes, the rest of
    /// the name.
    pub fields: [f32; 7],
    /// How far the length of each field counts, 0 to 1: the `b` of BM25.
    pub lengths: [f32; 7],
    /// How soon further occurrences stop counting: the `k1` of BM25.
    pub saturation: f32,
    /// Of two query words that are neighbours in the name, against one word's weight.
    pub nearness: f32,
    /// The power to which the covered share of the query is taken.
    pub coverage: f32,
    /// What one letter's correction leaves of a word's weight.
    pub typo: f32,
    /// When fewer products have all the words, those with most of them are shown as well.
    pub enough: usize,
    /// The share of a query that a product has to cover to be shown at all.
    pub least: f32,
}

impl Default for Weights {
    fn default() -> Weights {
        Weights {
            fields: [3.0, 2.0, 2.0, 1.0, 0.5, 3.0, 2.0],
            lengths: [0.2, 0.3, 0.3, 0.5, 0.7, 0.1, 0.2],
            saturation: 1.2,
            nearness: 0.5,
            coverage: 1.0,
            typo: 0.6,
            enough: 50,
            least: 0.3,
        }
    }
}
