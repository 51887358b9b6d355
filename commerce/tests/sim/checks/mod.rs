//! The invariants of `oxcart verify`, by the same names, and those that only a world with its bank in sight can tell.

mod events;
mod family;
mod frozen;
mod money;
mod rest;
mod sales;
mod stock;

use super::shop::Shop;
use super::verdict::Found;
use super::world::World;
use family::Family;

/// What a committed step can have broken: the stock, the coupons, and what grew from the carts it locked.
pub fn what_was_touched(shop: &Shop, found: &mut Found) {
    stock::check_all(shop, found);
    sales::check_coupons(shop, found);
    for (index, cart) in shop.db.touched.iter().enumerate() {
        if !shop.db.touched[..index].contains(cart) {
            check_family(shop, *cart, found);
        }
    }
}

/// All of it, whoever touched it last.
pub fn everything(shop: &Shop, found: &mut Found) {
    stock::check_all(shop, found);
    sales::check_coupons(shop, found);
    for cart in 0..shop.db.carts.len() {
        check_family(shop, cart, found);
    }
}

fn check_family(shop: &Shop, cart: usize, found: &mut Found) {
    let family = Family::of(shop, cart);
    stock::check(&family, found);
    sales::check(&family, found);
    money::check(&family, found);
    frozen::check(&family, found);
    events::check(&family, found);
}

/// What the bank has that the shop does not know of.
pub fn bank(world: &World, found: &mut Found) {
    rest::bank_is_known(world, found);
}

/// What must be when everything has come to rest.
pub fn at_rest(world: &World, found: &mut Found) {
    rest::bank_is_known(world, found);
    rest::nothing_hangs(world, found);
    rest::bank_and_shop_agree(world, found);
}
