//! The countries, and how each writes an address.

use super::regions::{REGIONS, Region};

/// A country. `order` and `postal_shape` are in notations of our own:
///
/// - `order` names the fields as the country writes them: `n` name, `s` street lines, `c` city, `r` region, `p` postal
///   code. A capital is required by its mail.
/// - `postal_shape` has `#` for a digit, `@` for a letter, `*` for either; anything else stands for itself, and `|`
///   parts alternatives. Blanks and hyphens show how it is written; they may be left out or put elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2, or the code of a territory that has mail of its own.
    pub code: &'static str,
    /// The English name.
    pub name: &'static str,
    pub(super) order: &'static str,
    pub(super) postal_shape: &'static str,
    region_word: &'static str,
    postal_word: &'static str,
}

/// Every country, by English name.
pub fn countries() -> &'static [Country] {
    COUNTRIES
}

/// A country by its code.
pub fn country(code: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.code == code)
}

impl Country {
    /// The regions an address must choose from; empty where it is free text or not used.
    pub fn regions(&self) -> &'static [Region] {
        REGIONS
            .iter()
            .find(|(code, _)| *code == self.code)
            .map_or(&[], |(_, regions)| regions)
    }

    /// Whether mail needs the field of this letter.
    pub(super) fn requires(&self, field: char) -> bool {
        self.order.contains(field.to_ascii_uppercase())
    }

    /// What people there call a region.
    pub fn region_label(&self) -> &'static str {
        if self.region_word.is_empty() {
            "Province"
        } else {
            self.region_word
        }
    }

    /// What people there call a postal code.
    pub fn postal_label(&self) -> &'static str {
        if self.postal_word.is_empty() {
            "Postal code"
        } else {
            self.postal_word
        }
    }
}

const fn row(
    code: &'static str,
    name: &'static str,
    order: &'static str,
    postal_shape: &'static str,
    region_word: &'static str,
    postal_word: &'static str,
) -> Country {
    Country {
        code,
        name,
        order,
        postal_shape,
        region_word,
        postal_word,
    }
}

/// Order, requirements and shapes are facts taken from the address data of Google's libaddressinput (Apache-2.0),
/// brought up to date for IE, KR and TW. A postal code or region that the data lists but mail does not need is optional
/// here.
#[rustfmt::skip]
const COUNTRIES: &[Country] = &[
    row("AF", "Afghanistan", "NSCp", "####", "", ""),
    row("AX", "Åland Islands", "NSPC", "22###", "", ""),
    row("AL", "Albania", "NSCp", "####", "", ""),
    row("DZ", "Algeria", "NSpC", "#####", "", ""),
    row("AS", "American Samoa", "NSCRP", "96799|96799-####", "State", "ZIP code"),
    row("AD", "Andorra", "NSpR", "AD###", "Parish", ""),
    row("AO", "Angola", "NSC", "", "", ""),
    row("AI", "Anguilla", "NSCp", "2640|AI-2640", "", ""),
    row("AQ", "Antarctica", "NSC", "", "", ""),
    row("AG", "Antigua and Barbuda", "NSc", "", "", ""),
    row("AR", "Argentina", "NSpCr", "####|@####@@@", "State", ""),
    row("AM", "Armenia", "NSpCr", "####|37####", "", ""),
    row("AW", "Aruba", "NSC", "", "", ""),
    row("AC", "Ascension Island", "NSCp", "ASCN 1ZZ", "", ""),
    row("AU", "Australia", "NSCRP", "####", "State", "Postcode"),
    row("AT", "Austria", "NSPC", "####", "", ""),
    row("AZ", "Azerbaijan", "NSpC", "####", "", ""),
    row("BS", "Bahamas", "NSCr", "", "Island", ""),
    row("BH", "Bahrain", "NSCp", "###|####", "", ""),
    row("BD", "Bangladesh", "NSCp", "####", "", ""),
    row("BB", "Barbados", "NSCp", "BB#####", "", ""),
    row("BY", "Belarus", "rpCSN", "######", "", ""),
    row("BE", "Belgium", "NSPC", "####", "", ""),
    row("BZ", "Belize", "NSC", "", "", ""),
    row("BJ", "Benin", "NSC", "", "", ""),
    row("BM", "Bermuda", "NSCp", "@@ **", "", ""),
    row("BT", "Bhutan", "NSCp", "#####", "", ""),
    row("BO", "Bolivia", "NSC", "", "", ""),
    row("BA", "Bosnia and Herzegovina", "NSpC", "#####", "", ""),
    row("BW", "Botswana", "NSC", "", "", ""),
    row("BV", "Bouvet Island", "NSC", "", "", ""),
    row("BR", "Brazil", "NSCRP", "#####-###", "State", "CEP"),
    row("IO", "British Indian Ocean Territory", "NSCP", "BBND 1ZZ", "", ""),
    row("VG", "British Virgin Islands", "NScp", "VG####", "", ""),
    row("BN", "Brunei", "NSCp", "@@####", "", ""),
    row("BG", "Bulgaria", "NSpC", "####", "", ""),
    row("BF", "Burkina Faso", "NSC", "", "", ""),
    row("BI", "Burundi", "NSC", "", "", ""),
    row("KH", "Cambodia", "NSCp", "#####", "", ""),
    row("CM", "Cameroon", "NSC", "", "", ""),
    row("CA", "Canada", "NSCRP", "@#@ #@#", "", ""),
    row("CV", "Cape Verde", "NSpCr", "####", "Island", ""),
    row("BQ", "Caribbean Netherlands", "NSC", "", "", ""),
    row("KY", "Cayman Islands", "NSRp", "KY#-####", "Island", ""),
    row("CF", "Central African Rep.", "NSC", "", "", ""),
    row("TD", "Chad", "NSC", "", "", ""),
    row("CL", "Chile", "NSpCr", "#######", "State", ""),
    row("CN", "China", "PRCSN", "######", "", ""),
    row("CX", "Christmas Island", "NSCrp", "6798", "", ""),
    row("CC", "Cocos (Keeling) Islands", "NSCrp", "6799", "", ""),
    row("CO", "Colombia", "NSCrp", "######", "", ""),
    row("KM", "Comoros", "NSC", "", "", ""),
    row("CG", "Congo (Brazzaville)", "NSC", "", "", ""),
    row("CD", "Congo (Kinshasa)", "NSC", "", "", ""),
    row("CK", "Cook Islands", "NSCp", "####", "", ""),
    row("CR", "Costa Rica", "NSpC", "#####|####|###-####", "", ""),
    row("CI", "Côte d'Ivoire", "NSC", "", "", ""),
    row("HR", "Croatia", "NSpC", "#####", "", ""),
    row("CU", "Cuba", "NSC", "", "", ""),
    row("CW", "Curaçao", "NSC", "", "", ""),
    row("CY", "Cyprus", "NSpC", "####", "", ""),
    row("CZ", "Czechia", "NSpC", "### ##", "", ""),
    row("DK", "Denmark", "NSPC", "####", "", ""),
    row("DJ", "Djibouti", "NSC", "", "", ""),
    row("DM", "Dominica", "NSC", "", "", ""),
    row("DO", "Dominican Republic", "NSpC", "#####", "", ""),
    row("EC", "Ecuador", "NSpC", "######|@@######|@####@", "", ""),
    row("EG", "Egypt", "NSCrp", "#####", "", ""),
    row("SV", "El Salvador", "NSpCR", "####|CP ####", "", ""),
    row("GQ", "Equatorial Guinea", "NSC", "", "", ""),
    row("ER", "Eritrea", "NSC", "", "", ""),
    row("EE", "Estonia", "NSpC", "#####", "", ""),
    row("SZ", "Eswatini", "NSCp", "@###", "", ""),
    row("ET", "Ethiopia", "NSpC", "####", "", ""),
    row("FK", "Falkland Islands", "NSCP", "FIQQ 1ZZ", "", ""),
    row("FO", "Faroe Islands", "NSpC", "###", "", ""),
    row("FJ", "Fiji", "NSC", "", "", ""),
    row("FI", "Finland", "NSPC", "#####", "", ""),
    row("FR", "France", "NSPC", "#####", "", ""),
    row("GF", "French Guiana", "NSPC", "97###|98###", "", ""),
    row("PF", "French Polynesia", "NSPCR", "987##", "Island", ""),
    row("TF", "French Southern Territories", "NSC", "", "", ""),
    row("GA", "Gabon", "NSC", "", "", ""),
    row("GM", "Gambia", "NSC", "", "", ""),
    row("GE", "Georgia", "NSpC", "####", "", ""),
    row("DE", "Germany", "NSPC", "#####", "", "Postcode"),
    row("GH", "Ghana", "NSC", "", "", ""),
    row("GI", "Gibraltar", "NSp", "GX11 1AA", "", ""),
    row("GR", "Greece", "NSPC", "### ##", "", ""),
    row("GL", "Greenland", "NSPC", "39##", "", ""),
    row("GD", "Grenada", "NSC", "", "", ""),
    row("GP", "Guadeloupe", "NSPC", "97###|98###", "", ""),
    row("GU", "Guam", "NSCRP", "969##|969##-####", "State", "ZIP code"),
    row("GT", "Guatemala", "NSpC", "#####", "", ""),
    row("GG", "Guernsey", "NSCP", "GY# #@@|GY## #@@|GY#@ #@@", "", "Postcode"),
    row("GN", "Guinea", "NpSC", "###", "", ""),
    row("GW", "Guinea-Bissau", "NSpC", "####", "", ""),
    row("GY", "Guyana", "NSC", "", "", ""),
    row("HT", "Haiti", "NSpC", "####", "", ""),
    row("HM", "Heard Island and McDonald Islands", "NSCrp", "####", "", ""),
    row("HN", "Honduras", "NSCRp", "#####", "", ""),
    row("HK", "Hong Kong", "RSN", "", "Area", ""),
    row("HU", "Hungary", "NCSp", "####", "", ""),
    row("IS", "Iceland", "NSpC", "###", "", ""),
    row("IN", "India", "NSCPR", "######", "State", "PIN code"),
    row("ID", "Indonesia", "NSCrp", "#####", "District", ""),
    row("IR", "Iran", "NrCSp", "#####-#####", "", ""),
    row("IQ", "Iraq", "NSCRp", "#####", "", ""),
    row("IE", "Ireland", "NSCrp", "@#* ****", "County", "Eircode"),
    row("IM", "Isle of Man", "NSCP", "IM# #@@|IM## #@@|IM#@ #@@", "", "Postcode"),
    row("IL", "Israel", "NSCp", "#####|#######", "", ""),
    row("IT", "Italy", "NSPCR", "#####", "", ""),
    row("JM", "Jamaica", "NSCR", "", "Parish", ""),
    row("JP", "Japan", "PRCSN", "###-####", "Prefecture", ""),
    row("JE", "Jersey", "NSCP", "JE# #@@|JE## #@@|JE#@ #@@", "", "Postcode"),
    row("JO", "Jordan", "NSCp", "#####", "", ""),
    row("KZ", "Kazakhstan", "prCSN", "######", "", ""),
    row("KE", "Kenya", "NSCp", "#####", "", ""),
    row("KI", "Kiribati", "NSrC", "", "Island", ""),
    row("XK", "Kosovo", "NSpC", "#####", "", ""),
    row("KW", "Kuwait", "NSpC", "#####", "", ""),
    row("KG", "Kyrgyzstan", "pCSN", "######", "", ""),
    row("LA", "Laos", "NSpC", "#####", "", ""),
    row("LV", "Latvia", "NSCp", "LV-####", "", ""),
    row("LB", "Lebanon", "NSCp", "####|#### ####", "", ""),
    row("LS", "Lesotho", "NSCp", "###", "", ""),
    row("LR", "Liberia", "NSpC", "####", "", ""),
    row("LY", "Libya", "NSC", "", "", ""),
    row("LI", "Liechtenstein", "NSPC", "94##", "", ""),
    row("LT", "Lithuania", "NSpC", "#####", "", ""),
    row("LU", "Luxembourg", "NSPC", "####", "", ""),
    row("MO", "Macau", "SN", "", "", ""),
    row("MG", "Madagascar", "NSpC", "###", "", ""),
    row("MW", "Malawi", "NSC", "", "", ""),
    row("MY", "Malaysia", "NSPCr", "#####", "State", ""),
    row("MV", "Maldives", "NSCp", "#####", "", ""),
    row("ML", "Mali", "NSC", "", "", ""),
    row("MT", "Malta", "NSCp", "@@@ ####|@@@ ##|@@@ ###", "", ""),
    row("MH", "Marshall Islands", "NSCRP", "969##|969##-####", "State", "ZIP code"),
    row("MQ", "Martinique", "NSPC", "97###|98###", "", ""),
    row("MR", "Mauritania", "NSC", "", "", ""),
    row("MU", "Mauritius", "NSpC", "#####|###@@###", "", ""),
    row("YT", "Mayotte", "NSPC", "976##", "", ""),
    row("MX", "Mexico", "NSPCr", "#####", "State", ""),
    row("FM", "Micronesia", "NSCRP", "969##|969##-####", "State", "ZIP code"),
    row("MD", "Moldova", "NSpC", "####", "", ""),
    row("MC", "Monaco", "NSpC", "980##", "", ""),
    row("MN", "Mongolia", "NSrCp", "#####", "", ""),
    row("ME", "Montenegro", "NSpC", "8####", "", ""),
    row("MS", "Montserrat", "NSC", "", "", ""),
    row("MA", "Morocco", "NSpC", "#####", "", ""),
    row("MZ", "Mozambique", "NSCp", "####", "", ""),
    row("MM", "Myanmar", "NSCp", "#####", "", ""),
    row("NA", "Namibia", "NSC", "", "", ""),
    row("NR", "Nauru", "NSR", "", "District", ""),
    row("NP", "Nepal", "NSCp", "#####", "", ""),
    row("NL", "Netherlands", "NSPC", "#### @@", "", "Postcode"),
    row("NC", "New Caledonia", "NSPC", "988##", "", ""),
    row("NZ", "New Zealand", "NSCP", "####", "", "Postcode"),
    row("NI", "Nicaragua", "NSpCr", "#####", "Department", ""),
    row("NE", "Niger", "NSpC", "####", "", ""),
    row("NG", "Nigeria", "NSCpr", "######", "State", ""),
    row("NU", "Niue", "NSC", "", "", ""),
    row("NF", "Norfolk Island", "NSCrp", "2899", "", ""),
    row("KP", "North Korea", "NSC", "", "", ""),
    row("MK", "North Macedonia", "NSpC", "####", "", ""),
    row("MP", "Northern Mariana Islands", "NSCRP", "9695#|9695#-####", "State", "ZIP code"),
    row("NO", "Norway", "NSPC", "####", "", ""),
    row("OM", "Oman", "NSpC", "###|PC ###", "", ""),
    row("PK", "Pakistan", "NSCp", "#####", "", ""),
    row("PW", "Palau", "NSCRP", "969##|969##-####", "State", "ZIP code"),
    row("PS", "Palestine", "NSC", "", "", ""),
    row("PA", "Panama", "NSCr", "", "", ""),
    row("PG", "Papua New Guinea", "NSCpR", "###", "", ""),
    row("PY", "Paraguay", "NSpC", "####", "", ""),
    row("PE", "Peru", "NSCp", "#####|LIMA ##|LIMA #|CALLAO #|CALLAO ##", "", ""),
    row("PH", "Philippines", "NSpCr", "####", "", ""),
    row("PN", "Pitcairn", "NSCP", "PCRN 1ZZ", "", ""),
    row("PL", "Poland", "NSPC", "##-###", "", ""),
    row("PT", "Portugal", "NSPC", "####-###", "", ""),
    row("PR", "Puerto Rico", "NSCP", "00###|00###-####", "", "ZIP code"),
    row("QA", "Qatar", "NSC", "", "", ""),
    row("RE", "Réunion", "NSPC", "97###|98###", "", ""),
    row("RO", "Romania", "NSpC", "######", "", ""),
    row("RU", "Russia", "PCSN", "######", "", ""),
    row("RW", "Rwanda", "NSC", "", "", ""),
    row("BL", "Saint Barthélemy", "NSPC", "97###|98###", "", ""),
    row("SH", "Saint Helena", "NSCP", "STHL 1ZZ|ASCN 1ZZ", "", ""),
    row("KN", "Saint Kitts and Nevis", "NSCR", "", "Island", ""),
    row("LC", "Saint Lucia", "NSC", "", "", ""),
    row("MF", "Saint Martin", "NSPC", "97###|98###", "", ""),
    row("PM", "Saint Pierre and Miquelon", "NSPC", "97###|98###", "", ""),
    row("VC", "Saint Vincent and the Grenadines", "NSCp", "VC####", "", ""),
    row("WS", "Samoa", "NSC", "", "", ""),
    row("SM", "San Marino", "NSPc", "4789#", "", ""),
    row("ST", "São Tomé and Príncipe", "NSC", "", "", ""),
    row("SA", "Saudi Arabia", "NSCp", "#####", "", ""),
    row("SN", "Senegal", "NSpC", "#####", "", ""),
    row("RS", "Serbia", "NSpC", "#####|######", "", ""),
    row("SC", "Seychelles", "NSCr", "", "Island", ""),
    row("SL", "Sierra Leone", "NSC", "", "", ""),
    row("SG", "Singapore", "NSP", "######", "", ""),
    row("SX", "Sint Maarten", "NSC", "", "", ""),
    row("SK", "Slovakia", "NSpC", "### ##", "", ""),
    row("SI", "Slovenia", "NSpC", "####", "", ""),
    row("SB", "Solomon Islands", "NSC", "", "", ""),
    row("SO", "Somalia", "NSCRp", "#####", "", ""),
    row("ZA", "South Africa", "NSCP", "####", "", "Postcode"),
    row("GS", "South Georgia and the South Sandwich Islands", "NSCP", "SIQQ 1ZZ", "", ""),
    row("KR", "South Korea", "RCSNP", "#####|###-###", "Province", ""),
    row("SS", "South Sudan", "NSC", "", "", ""),
    row("ES", "Spain", "NSPCR", "#####", "", ""),
    row("LK", "Sri Lanka", "NSCp", "#####", "", ""),
    row("SD", "Sudan", "NSC", "", "", ""),
    row("SR", "Suriname", "NSCr", "", "", ""),
    row("SJ", "Svalbard and Jan Mayen", "NSPC", "####", "", ""),
    row("SE", "Sweden", "NSPC", "### ##", "", ""),
    row("CH", "Switzerland", "NSPC", "####", "", ""),
    row("SY", "Syria", "NSC", "", "", ""),
    row("TW", "Taiwan", "PRCSN", "###|#####|######", "County", ""),
    row("TJ", "Tajikistan", "NSpC", "######", "", ""),
    row("TZ", "Tanzania", "NSCp", "####", "", ""),
    row("TH", "Thailand", "NSCrp", "#####", "", ""),
    row("TL", "Timor-Leste", "NSC", "", "", ""),
    row("TG", "Togo", "NSC", "", "", ""),
    row("TK", "Tokelau", "NSC", "", "", ""),
    row("TO", "Tonga", "NSC", "", "", ""),
    row("TT", "Trinidad and Tobago", "NSC", "", "", ""),
    row("TA", "Tristan da Cunha", "NSCp", "TDCU 1ZZ", "", ""),
    row("TN", "Tunisia", "NSpC", "####", "", ""),
    row("TR", "Türkiye", "NSPC", "#####", "", ""),
    row("TM", "Turkmenistan", "NSpC", "######", "", ""),
    row("TC", "Turks and Caicos Islands", "NSCP", "TKCA 1ZZ", "", ""),
    row("TV", "Tuvalu", "NSCr", "", "Island", ""),
    row("UM", "U.S. Outlying Islands", "NSCRp", "", "State", "ZIP code"),
    row("VI", "U.S. Virgin Islands", "NSCRP", "008##|008##-####", "State", "ZIP code"),
    row("UG", "Uganda", "NSC", "", "", ""),
    row("UA", "Ukraine", "pCSN", "#####", "", ""),
    row("AE", "United Arab Emirates", "NSC", "", "", ""),
    row("GB", "United Kingdom", "NSCP",
        "@# #@@|@## #@@|@@# #@@|@@## #@@|@#@ #@@|@@#@ #@@|GIR 0AA|BFPO #|BFPO ##|BFPO ###|BFPO ####", "", "Postcode"),
    row("US", "United States", "NSCRP", "#####|#####-####", "State", "ZIP code"),
    row("UY", "Uruguay", "NSpCr", "#####", "", ""),
    row("UZ", "Uzbekistan", "NSpCr", "######", "", ""),
    row("VU", "Vanuatu", "NSC", "", "", ""),
    row("VA", "Vatican City", "NSpC", "00120", "", ""),
    row("VE", "Venezuela", "NSCpR", "####", "", ""),
    row("VN", "Vietnam", "NSCrp", "######", "", ""),
    row("WF", "Wallis and Futuna", "NSPC", "986##", "", ""),
    row("EH", "Western Sahara", "NSpC", "#####", "", ""),
    row("YE", "Yemen", "NSC", "", "", ""),
    row("ZM", "Zambia", "NSpC", "#####", "", ""),
    row("ZW", "Zimbabwe", "NSC", "", "", ""),
];
