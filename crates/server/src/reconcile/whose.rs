//! Whose bill it is: only what is theirs can be missed or resolved.

use std::collections::BTreeSet;

use super::begin::{Begun, Halt, MERCHANTS_MAX};

/// The merchants that a bill's rows are of, by the bill or by the books.
#[derive(Default)]
pub(super) struct Whose(BTreeSet<String>);

impl Whose {
    /// One more row's merchant.
    pub(super) fn see(&mut self, uid: Option<&str>) {
        if let Some(uid) = uid.filter(|uid| !uid.is_empty() && !self.0.contains(*uid))
            && self.0.len() <= MERCHANTS_MAX
        {
            self.0.insert(uid.to_owned());
        }
    }

    /// The merchants of the bill that was read; `None` is everybody: all of whom the books know that they received
    /// something about then.
    pub(super) async fn decided(self, begun: &mut Begun) -> Result<Option<Vec<String>>, Halt> {
        let named: Vec<String> = begun.named.iter().map(|uid| uid.as_str().to_owned()).collect();
        if begun.run.source == "platform" && named.is_empty() {
            return Ok(None);
        }
        let of = if named.is_empty() { self.0.into_iter().collect() } else { named };
        let known = begun.sellers().await?;
        let nobody_else = known.len() <= MERCHANTS_MAX && known.iter().all(|uid| of.contains(uid));
        if nobody_else || (of.is_empty() && known.len() == 1) {
            return Ok(None);
        }
        if of.is_empty() {
            begun.remark = Some(
                "a bill does not tell of which merchant it is, and several received something: what only the books have was not looked for; name the merchant".to_owned(),
            );
        }
        Ok(Some(of))
    }
}
