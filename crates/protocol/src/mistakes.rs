//! Mistakes by name, each told in Chinese and English.

/// An enum of mistakes; `{}` in a sentence is the detail's place.
macro_rules! mistakes {
    ($($(#[$meta:meta])* $name:ident $(($data:ty))? $zh:literal, $en:literal;)*) => {
        /// A mistake that explains why a signature does not fit. As JSON it is its name in snake case, with its detail
        /// if it has one.
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Mistake {
            $($(#[$meta])* $name $(($data))?,)*
        }

        impl Mistake {
            /// What is wrong and what to do, in Chinese.
            pub fn zh(&self) -> String {
                match self {
                    $(mistakes!(@pattern $name detail $($data)?) => mistakes!(@sentence $zh, detail $($data)?),)*
                }
            }

            /// What is wrong and what to do, in English.
            pub fn en(&self) -> String {
                match self {
                    $(mistakes!(@pattern $name detail $($data)?) => mistakes!(@sentence $en, detail $($data)?),)*
                }
            }
        }
    };
    (@pattern $name:ident $detail:ident) => { Self::$name };
    (@pattern $name:ident $detail:ident $data:ty) => { Self::$name($detail) };
    (@sentence $text:literal, $detail:ident) => { $text.to_owned() };
    (@sentence $text:literal, $detail:ident $data:ty) => { $text.replace("{}", $detail) };
}

pub(crate) use mistakes;
