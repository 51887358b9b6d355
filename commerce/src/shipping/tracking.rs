//! Where parcels can be followed.

/// What carriers are called, in small letters and as the beginning of a name, and the page on which a parcel is found.
const PAGES: &[(&str, &str)] = &[
    ("bpost", "https://track.bpost.cloud/btr/web/#/search?itemCode="),
    ("dhl", "https://www.dhl.com/global-en/home/tracking.html?tracking-id="),
    ("dpd", "https://tracking.dpd.de/parcelstatus?query="),
    ("fedex", "https://www.fedex.com/fedextrack/?trknbr="),
    ("gls", "https://gls-group.eu/track/"),
    ("postnl", "https://postnl.nl/tracktrace/?B="),
    ("royal mail", "https://www.royalmail.com/track-your-item#/tracking-results/"),
    ("ups", "https://www.ups.com/track?tracknum="),
    ("usps", "https://tools.usps.com/go/TrackConfirmAction?tLabels="),
];

/// The carrier's page about a parcel. `None` where the carrier is not known, or the number is none that could stand in an
/// address.
pub fn tracking_url(carrier: &str, number: &str) -> Option<String> {
    let carrier = carrier.trim().to_lowercase();
    let is_named = |name: &str| {
        let rest = carrier.strip_prefix(name);
        rest.is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_alphanumeric()))
    };
    let (_, page) = PAGES.iter().find(|(name, _)| is_named(name))?;
    let number: String = number.chars().filter(|letter| !letter.is_whitespace()).collect();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    (!number.is_empty() && number.chars().all(plain)).then(|| format!("{page}{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parcel_of_a_known_carrier_can_be_followed() {
        let ups = Some("https://www.ups.com/track?tracknum=1Z999AA10123456784".to_owned());
        for (carrier, number, expected) in [
            ("UPS", "1Z 999 AA1 0123 4567 84", ups.clone()),
            (" ups, standard", "1Z999AA10123456784", ups),
            ("upstairs post", "1Z999AA10123456784", None),
            ("By bicycle", "7", None),
            ("UPS", "", None),
            ("UPS", "1&x=\"><b>", None),
        ] {
            assert_eq!(tracking_url(carrier, number), expected, "{carrier} {number}");
        }
    }
}
