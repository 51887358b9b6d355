//! One look over the columns: which products are asked for, and how many each further choice would leave.

use super::columns::Columns;
use super::question::{Mask, PRICE, Question, SALE, STOCK};

/// Which products match, and what was counted on the way.
#[derive(Debug, Default)]
pub struct Counted {
    /// By product: whether it is asked for.
    pub matching: Vec<bool>,
    /// How many those are.
    pub total: usize,
    /// By offered term: products that have it and meet every condition but those of its own dimension.
    pub terms: Vec<u32>,
    /// Products with a variant that can be bought now.
    pub in_stock: u32,
    /// Products with a variant on sale.
    pub on_sale: u32,
    /// Product and price of each variant that meets every condition but that of the price.
    pub prices: Vec<(u32, i64)>,
}

/// A look at the columns.
pub struct Look<'a> {
    /// The columns.
    pub columns: &'a Columns,
    /// By variant: whether it can be bought now.
    pub sellable: &'a [bool],
    /// What is asked.
    pub question: &'a Question,
    /// Whether to count, or only to tell what matches.
    pub counts: bool,
}

impl Look<'_> {
    /// Looks at some of so many products.
    pub fn over(&self, products: usize, some: impl Iterator<Item = u32>) -> Counted {
        let terms = if self.counts { self.columns.terms.len() } else { 0 };
        let mut counted = Counted { matching: vec![false; products], terms: vec![0; terms], ..Counted::default() };
        // By term: the last product it was counted for, so that two variants count once.
        let mut last = vec![0_u32; terms];
        for slot in some {
            let missing = self.missing(slot as usize);
            if missing & self.question.uncounted == 0 && missing.count_ones() <= 1 {
                self.take(slot, missing, &mut counted, &mut last);
            }
        }
        counted
    }

    /// The conditions of products that one doesn't meet.
    fn missing(&self, slot: usize) -> Mask {
        let of_products = self.question.of_products;
        if of_products == 0 {
            return 0;
        }
        let met = self.question.met(self.columns.offered.of(slot));
        let others = match self.question.asks_others() {
            true => self.question.met_by_others(self.columns.others.of(slot)),
            false => 0,
        };
        of_products & !(met | others)
    }

    /// A product that fails at most one condition.
    fn take(&self, place: u32, missing: Mask, counted: &mut Counted, last: &mut [u32]) {
        let (slot, mark) = (place as usize, place + 1);
        let (mut matches, mut in_stock, mut on_sale) = (false, false, false);
        for variant in self.columns.variants_of(slot) {
            let failed = self.failed(variant);
            matches |= failed == 0;
            if missing != 0 || !self.counts || failed.count_ones() > 1 {
                continue;
            }
            in_stock |= failed & !STOCK == 0 && self.sellable[variant];
            on_sale |= failed & !SALE == 0 && self.columns.on_sale[variant];
            if failed & !PRICE == 0 {
                counted.prices.push((place, self.columns.prices[variant]));
            }
            let own = self.question.dim(failed);
            for term in self.columns.options.of(variant) {
                let counts = failed == 0 || own.is_some_and(|dim| self.columns.dims[*term as usize] == dim);
                if counts && std::mem::replace(&mut last[*term as usize], mark) != mark {
                    counted.terms[*term as usize] += 1;
                }
            }
        }
        counted.matching[slot] = matches && missing == 0;
        counted.total += usize::from(counted.matching[slot]);
        counted.in_stock += u32::from(in_stock);
        counted.on_sale += u32::from(on_sale);
        if matches && self.counts {
            // Who fails one condition counts for the other values of that one.
            let own = self.question.dim(missing);
            let terms = self.columns.offered.of(slot).iter();
            let counting =
                terms.filter(|term| missing == 0 || own.is_some_and(|dim| self.columns.dims[**term as usize] == dim));
            counting.for_each(|term| counted.terms[*term as usize] += 1);
        }
    }

    /// The conditions of variants that one doesn't meet.
    fn failed(&self, variant: usize) -> Mask {
        let of_variants = self.question.of_variants;
        if of_variants == 0 {
            return 0;
        }
        let price = if self.question.is_price(self.columns.prices[variant]) { PRICE } else { 0 };
        let stock = if self.sellable[variant] { STOCK } else { 0 };
        let sale = if self.columns.on_sale[variant] { SALE } else { 0 };
        of_variants & !(self.question.met(self.columns.options.of(variant)) | price | stock | sale)
    }
}
