//! How signers go wrong, each way as one change of the right one.

use super::foreign::Nested;
use super::signer::{Booleans, Order, Quotes, SaltAt, Signer, Trim, Written, Zero};
use super::{Field, Mistake, Suspects};
use crate::spelling::respellings;

/// Changes of one axis exclude each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Salt,
    SaltAt,
    Zero,
    Exponents,
    Order,
    Quotes,
    NullText,
    Null,
    Anyway(usize),
    Nested,
    Booleans,
    Trim,
    Empty,
    Undefined,
    Once,
    Written,
    Pairs,
    Joint,
    /// What becomes of one field.
    Field(usize),
}

type Apply = fn(&mut Signer<'_>);

enum Change<'a> {
    Known(Apply),
    Salt(&'a str),
    Omit(usize),
    Respell(usize, String),
}

/// One change, and the mistake that makes it.
pub(super) struct Deviation<'a> {
    pub(super) axis: Axis,
    pub(super) mistake: Mistake,
    change: Change<'a>,
}

impl Deviation<'_> {
    /// The signer with this change.
    pub(super) fn apply<'s>(&'s self, mut signer: Signer<'s>) -> Signer<'s> {
        match &self.change {
            Change::Known(apply) => apply(&mut signer),
            Change::Salt(salt) => signer.salt = salt,
            Change::Respell(index, text) => signer.respelt = Some((*index, text)),
            Change::Omit(index) => {
                let place = signer.omitted.iter_mut().find(|place| place.is_none());
                if let Some(place) = place {
                    *place = Some(*index);
                }
            }
        }
        signer
    }

    /// Whether it writes one field anew; there are many such changes.
    pub(super) fn is_respelling(&self) -> bool {
        matches!(self.change, Change::Respell(..))
    }
}

/// All changes that a request and some suspected secrets allow, the likeliest mistakes first.
pub(super) fn all<'a>(fields: &'a [Field<'a>], suspects: &Suspects<'a>) -> Vec<Deviation<'a>> {
    let mut all: Vec<Deviation<'a>> = known().collect();
    all.extend(suspects.secrets().map(|(mistake, secret)| Deviation {
        axis: Axis::Salt,
        mistake: mistake.clone(),
        change: Change::Salt(secret),
    }));
    for (index, field) in fields.iter().enumerate().filter(|(_, field)| !field.is_left_out()) {
        let mistake = match field.name.as_str() {
            "appid" => Mistake::AppIdMisspelt,
            name => Mistake::FieldLeftOut(name.to_owned()),
        };
        all.push(Deviation { axis: Axis::Field(index), mistake, change: Change::Omit(index) });
    }
    for (index, field) in fields.iter().enumerate().filter(|(_, field)| !field.is_left_out()) {
        let json = if field.kind == "text" { field.text.as_str() } else { field.literal };
        all.extend(respellings(json.as_bytes()).into_iter().map(|text| Deviation {
            axis: Axis::Field(index),
            mistake: Mistake::Reserialised(field.name.clone()),
            change: Change::Respell(index, text),
        }));
    }
    all
}

/// The changes that need neither a field nor a secret.
pub(super) fn known() -> impl DoubleEndedIterator<Item = Deviation<'static>> {
    KNOWN.iter().map(|(axis, mistake, apply)| Deviation {
        axis: *axis,
        mistake: mistake.clone(),
        change: Change::Known(*apply),
    })
}

impl Mistake {
    /// The mistake of that name, of those that need neither a field nor a secret: `utf16_order`, `quotes_kept`, …
    pub fn of_variant(name: &str) -> Option<Self> {
        let named = |mistake: &Self| serde_json::to_value(mistake).is_ok_and(|value| value == name);
        KNOWN.iter().map(|(_, mistake, _)| mistake).find(|mistake| named(mistake)).cloned()
    }
}

static KNOWN: [(Axis, Mistake, Apply); 40] = [
    (Axis::Zero, Mistake::ZeroDropped, |signer| signer.zero = Zero::Dropped),
    (Axis::Zero, Mistake::TextZeroDropped, |signer| signer.zero = Zero::TextDropped),
    (Axis::Exponents, Mistake::Exponent, |signer| signer.exponents = true),
    (Axis::Order, Mistake::Utf16Order, |signer| signer.order = Order::Utf16),
    (Axis::Quotes, Mistake::QuotesKept, |signer| signer.quotes = Quotes::Kept),
    (Axis::Quotes, Mistake::OpeningQuoteOnly, |signer| signer.quotes = Quotes::OpeningRemoved),
    (Axis::NullText, Mistake::NullTextSigned, |signer| signer.null_text_signed = true),
    (Axis::Null, Mistake::NullDropped, |signer| signer.null_dropped = true),
    (Axis::Anyway(3), Mistake::OtherSettleParamsSigned, |signer| signer.anyway[3] = true),
    (Axis::Anyway(0), Mistake::AppIdSigned, |signer| signer.anyway[0] = true),
    (Axis::Anyway(1), Mistake::ProviderSigned, |signer| signer.anyway[1] = true),
    (Axis::Nested, Mistake::NestedAsJavaScript, |signer| signer.nested = Nested::JavaScript),
    (Axis::Nested, Mistake::NestedAsJava, |signer| signer.nested = Nested::Java),
    (Axis::Nested, Mistake::NestedAsWord, |signer| signer.nested = Nested::Word),
    (Axis::Nested, Mistake::NestedUnsorted, |signer| signer.nested = Nested::GoUnsorted),
    (Axis::Nested, Mistake::NestedAsJson, |signer| signer.nested = Nested::Json),
    (Axis::Nested, Mistake::NestedAsJson, |signer| signer.nested = Nested::PhpJson),
    (Axis::Booleans, Mistake::BooleanAsPhp, |signer| signer.booleans = Booleans::Php),
    (Axis::Booleans, Mistake::BooleanCapital, |signer| signer.booleans = Booleans::Capital),
    (Axis::Trim, Mistake::TrimAscii, |signer| signer.trim = Trim::Ascii),
    (Axis::Trim, Mistake::TrimControls, |signer| signer.trim = Trim::UpToBlank),
    (Axis::Trim, Mistake::TrimByteOrderMark, |signer| signer.trim = Trim::JavaScript),
    (Axis::Trim, Mistake::NotTrimmed, |signer| signer.trim = Trim::Never),
    (Axis::Trim, Mistake::TrimmedAfterSorting, |signer| signer.trim = Trim::AfterSorting),
    (Axis::Empty, Mistake::EmptySigned, |signer| signer.empty_signed = true),
    (Axis::Undefined, Mistake::Undefined, |signer| signer.undefined = true),
    (Axis::Once, Mistake::EqualOnce, |signer| signer.once = true),
    (Axis::Written, Mistake::UrlEncoded, |signer| signer.written = Written::Form),
    (Axis::Written, Mistake::UrlEncoded, |signer| signer.written = Written::Uri),
    (Axis::Written, Mistake::Escaped, |signer| signer.written = Written::Escaped),
    (Axis::Written, Mistake::Escaped, |signer| signer.written = Written::EscapedAscii),
    (Axis::SaltAt, Mistake::SaltLast, |signer| signer.salt_at = SaltAt::Last),
    (Axis::SaltAt, Mistake::SaltFirst, |signer| signer.salt_at = SaltAt::First),
    (Axis::SaltAt, Mistake::SaltLeftOut, |signer| signer.salt_at = SaltAt::Nowhere),
    (Axis::SaltAt, Mistake::SaltAsKey, |signer| signer.salt_at = SaltAt::Key),
    (Axis::Order, Mistake::NotSorted, |signer| signer.order = Order::AsSent),
    (Axis::Order, Mistake::SortedByName, |signer| signer.order = Order::Name),
    (Axis::Pairs, Mistake::Pairs, |signer| signer.pairs = true),
    (Axis::Joint, Mistake::NoAmpersand, |signer| signer.joint = ""),
    (Axis::Joint, Mistake::NoAmpersand, |signer| signer.joint = ","),
];
