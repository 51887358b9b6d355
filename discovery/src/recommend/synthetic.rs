//! Made-up histories of several shapes, for tests: customers of a few tastes buy products of those tastes.

use super::history::{DAY, History, Recorder};

/// What a made-up shop is like.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub name: &'static str,
    pub customers: u32,
    pub products: u32,
    /// Orders of a customer who comes back.
    pub orders: u32,
    /// Of a hundred customers, so many buy once.
    pub once: u32,
    /// Of a hundred lines, so many repeat what the customer bought before.
    pub repeats: u32,
    /// Of a hundred products, so many come into the shop over the year.
    pub new: u32,
    /// How many tastes there are.
    pub tastes: u32,
}

/// Days that are made up.
pub const DAYS: i64 = 360;

/// Numbers that look random and are always the same (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((mixed >> 32) * u64::from(end)) >> 32) as u32
    }

    /// Small numbers often, large ones seldom.
    fn skewed(&mut self, end: u32) -> u32 {
        let unit = f64::from(self.below(1 << 20)) / f64::from(1 << 20);
        (f64::from(end) * unit.powf(2.5)) as u32
    }
}

/// A year of a shop of that shape.
pub fn history(shape: Shape) -> History {
    let (mut dice, mut recorder) = (Dice(7), Recorder::default());
    for customer in 0..shape.customers {
        let tastes = [dice.below(shape.tastes), dice.below(shape.tastes)];
        let orders = if dice.below(100) < shape.once { 1 } else { 1 + dice.below(2 * shape.orders) };
        let mut days: Vec<i64> = (0..orders).map(|_| i64::from(dice.below(DAYS as u32))).collect();
        days.sort_unstable();
        let mut bought: Vec<u32> = Vec::new();
        for day in days {
            for _ in 0..1 + dice.below(7) {
                let product = if !bought.is_empty() && dice.below(100) < shape.repeats {
                    bought[dice.below(bought.len() as u32) as usize]
                } else {
                    fresh(shape, tastes, day, &mut dice)
                };
                if shape.repeats > 0 || !bought.contains(&product) {
                    bought.push(product);
                    recorder.add(&customer.to_string(), &product.to_string(), None, day * DAY, 1);
                }
            }
        }
    }
    recorder.finish()
}

/// A product of a taste (seldom any), that is sold on that day.
fn fresh(shape: Shape, tastes: [u32; 2], day: i64, dice: &mut Dice) -> u32 {
    let taste = if dice.below(100) < 15 { dice.below(shape.tastes) } else { tastes[dice.below(2) as usize] };
    loop {
        let product = dice.skewed(shape.products / shape.tastes) * shape.tastes + taste;
        // A product's number, mixed, says whether and when it comes into the shop.
        let mixed = product.wrapping_mul(2_654_435_761) >> 8;
        let since = if mixed % 100 < shape.new { i64::from(mixed / 100) % DAYS } else { 0 };
        if since <= day {
            return product;
        }
        if dice.below(50) == 0 {
            return taste;
        }
    }
}
