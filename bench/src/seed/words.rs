//! The words that names are made of.

pub const MAKERS: &[&str] = &[
    "Aldergate", "Birk & Daughter", "Cairnfield", "Dovecote", "Eskmill", "Fenwick", "Garrow", "Holmside", "Ingle",
    "Juniper Row", "Kestrel", "Lindqvist", "Marlow", "Northend", "Oakhurst", "Pell & Sons", "Quillon", "Ravensworth",
    "Saltmarsh", "Thorne", "Undercliff", "Vane", "Westray", "Yarrow",
];

pub const QUALITIES: &[&str] = &[
    "Plain", "Heavy", "Light", "Deep", "Tall", "Low", "Wide", "Narrow", "Small", "Large", "Folding", "Stacking",
    "Everyday", "Sunday", "Travel", "Garden", "Winter", "Summer", "Double", "Single", "Ribbed", "Smooth", "Brushed",
    "Woven",
];

pub const MATERIALS: &[&str] = &[
    "oak", "ash", "walnut", "beech", "linen", "cotton", "wool", "felt", "leather", "brass", "copper", "steel", "iron",
    "enamel", "stoneware", "porcelain", "glass", "willow", "cork", "jute", "slate", "wax",
];

/// Things, the shelf they stand on, and the cheapest and dearest they come at, in cents.
pub const THINGS: &[(&str, &str, i64, i64)] = &[
    ("kettle", "kitchen", 3_900, 12_900),
    ("saucepan", "kitchen", 2_900, 14_900),
    ("chopping board", "kitchen", 1_900, 8_900),
    ("ladle", "kitchen", 900, 3_400),
    ("colander", "kitchen", 1_900, 5_900),
    ("pepper mill", "kitchen", 2_400, 7_900),
    ("bread bin", "kitchen", 3_400, 9_900),
    ("mug", "table", 900, 2_900),
    ("bowl", "table", 1_200, 4_900),
    ("plate", "table", 1_100, 3_900),
    ("jug", "table", 1_900, 6_900),
    ("carafe", "table", 2_400, 5_900),
    ("candlestick", "table", 1_500, 6_400),
    ("napkin", "cloth", 700, 2_200),
    ("tea towel", "cloth", 800, 2_400),
    ("apron", "cloth", 2_900, 8_900),
    ("blanket", "cloth", 5_900, 24_900),
    ("cushion", "cloth", 2_400, 8_900),
    ("bath mat", "cloth", 1_900, 6_900),
    ("table lamp", "light", 4_900, 24_900),
    ("pendant lamp", "light", 6_900, 34_900),
    ("lantern", "light", 2_900, 9_900),
    ("candle", "light", 600, 2_900),
    ("basket", "rooms", 1_900, 8_900),
    ("stool", "rooms", 5_900, 21_900),
    ("mirror", "rooms", 4_900, 29_900),
    ("coat hook", "rooms", 900, 3_900),
    ("vase", "rooms", 1_900, 9_900),
    ("wall clock", "rooms", 3_900, 14_900),
    ("tray", "rooms", 1_900, 7_900),
    ("watering can", "garden", 2_400, 8_900),
    ("trowel", "garden", 1_400, 3_900),
    ("plant pot", "garden", 900, 6_900),
    ("bird feeder", "garden", 1_900, 5_900),
    ("notebook", "desk", 700, 2_900),
    ("pencil case", "desk", 1_200, 4_900),
    ("letter tray", "desk", 2_400, 6_900),
    ("paper knife", "desk", 1_200, 4_400),
];

pub const SHELVES: &[(&str, &str)] = &[
    ("kitchen", "Kitchen"),
    ("table", "Table"),
    ("cloth", "Cloth"),
    ("light", "Light"),
    ("rooms", "Rooms"),
    ("garden", "Garden"),
    ("desk", "Desk"),
];

pub const COLOURS: &[&str] = &["Ink", "Chalk", "Moss", "Clay", "Rust", "Flax", "Sky", "Soot"];
pub const SIZES: &[&str] = &["Small", "Medium", "Large"];
pub const TAGS: &[&str] = &["gift", "new", "mended", "outlet", "bestseller", "wedding", "refill", "handmade"];

pub const FIRST_NAMES: &[&str] = &[
    "Anouk", "Bram", "Carmen", "Daan", "Elif", "Femke", "Greet", "Hugo", "Ilse", "Jonas", "Karel", "Lore", "Mila",
    "Noor", "Olaf", "Pien", "Quinten", "Rosa", "Saar", "Thijs", "Ursula", "Vera", "Wout", "Xander", "Yara", "Zeno",
    "Amina", "Bas", "Chloé", "Dirk", "Eva", "Frank", "Gül", "Hanne", "Imran", "Jasper", "Katja", "Léa", "Matteo",
    "Nele", "Oscar", "Petra", "Ravi", "Sofie", "Tobias", "Ulrike", "Viktor", "Wies", "Yusuf", "Zoë",
];

pub const LAST_NAMES: &[&str] = &[
    "Aerts", "Bakker", "Claes", "Dubois", "El Amrani", "Franssen", "Goossens", "Hendriks", "Ivens", "Jansen", "Kaya",
    "Lambrechts", "Mertens", "Nijs", "Okafor", "Peeters", "Quist", "Roos", "Smit", "Timmermans", "Ünal", "Visser",
    "Wouters", "Yildiz", "Zeeman", "Berger", "Conrad", "Fischer", "Hartmann", "Keller", "Lorenz", "Neumann", "Richter",
    "Schulz", "Vogel", "Winter", "Desmet", "Maes", "Segers", "van den Berghe",
];

pub const STREETS: &[&str] = &[
    "Molenstraat", "Kerkstraat", "Nieuwstraat", "Stationsplein", "Lindenlaan", "Havenkade", "Bergweg", "Dorpsstraat",
    "Schoolstraat", "Parkallee", "Hoofdstraat", "Waterkant", "Veldweg", "Marktplein", "Brugstraat",
];

/// Countries with a town and the shape of its postal codes: `#` is a digit, `@` a letter.
pub const TOWNS: &[(&str, &str, &str)] = &[
    ("NL", "Haarlem", "20## @@"),
    ("NL", "Utrecht", "35## @@"),
    ("NL", "Groningen", "97## @@"),
    ("NL", "Rotterdam", "30## @@"),
    ("NL", "Amsterdam", "10## @@"),
    ("NL", "Zwolle", "80## @@"),
    ("BE", "Gent", "90##"),
    ("BE", "Antwerpen", "20##"),
    ("BE", "Leuven", "30##"),
    ("DE", "Aachen", "520##"),
    ("DE", "Köln", "506##"),
    ("DE", "Münster", "481##"),
    ("FR", "Lille", "59###"),
    ("AT", "Graz", "80##"),
];

pub const CARRIERS: &[&str] = &["PostNL", "bpost", "DHL", "DPD"];
pub const REASONS: &[&str] =
    &["Arrived broken", "Changed their mind", "Came too late", "Not as pictured", "Ordered twice"];
