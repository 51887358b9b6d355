//! Enums whose variants have a stable name: the word in JSON, in the database and in a URL.

/// A word that names no variant of the enum it was read for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("one of {expected} is expected")]
pub struct UnknownName {
    /// The enum that was read for, such as `ProductStatus`.
    pub what: &'static str,
    /// What was given.
    pub given: String,
    /// The names there are, comma-separated.
    pub expected: String,
}

/// Declares an enum with one stable name per variant, and everything that follows from the names: `as_str`, `ALL`,
/// `Display`, `FromStr`, and serde as that string.
macro_rules! named_enum {
    (
        $(#[$meta:meta])*
        pub enum $Name:ident { $( $(#[$variant_meta:meta])* $Variant:ident = $name:literal ),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $Name { $( $(#[$variant_meta])* $Variant ),+ }

        impl $Name {
            /// Every variant, in order of declaration.
            pub const ALL: &'static [Self] = &[$( Self::$Variant ),+];

            /// The stable name used in JSON and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$Variant => $name ),+ }
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $Name {
            type Err = $crate::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|variant| variant.as_str() == text).ok_or_else(|| {
                    let names: Vec<&str> = Self::ALL.iter().map(|variant| variant.as_str()).collect();
                    $crate::UnknownName { what: stringify!($Name), given: text.to_owned(), expected: names.join(", ") }
                })
            }
        }

        impl serde::Serialize for $Name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $Name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                name.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
