//! Secrets appear in no output, whatever goes wrong.

use std::sync::Arc;

use super::world::{Recorder, SALT, World, answer, lost, query, refund};
use crate::FixedNet;

#[test]
fn the_salt_is_never_shown() {
    let world = World::new();
    let recorder = Arc::new(Recorder::default());
    let net = FixedNet::new()
        .then_fail(lost())
        .then_answer(answer(500, "a", ""))
        .then("<html>")
        .then(r#"{"err_no":2008,"err_tips":"签名校验异常"}"#);
    let builder = world.builder().net(Arc::new(net.clone())).observer(recorder.clone());
    let mut shown = vec![format!("{builder:?}"), format!("{builder:#?}")];
    let client = builder.build().unwrap();
    shown.push(format!("{client:?} {client:#?} {net:?} {:?} {:?}", refund(), query()));
    for _ in 0..3 {
        let error = world.now(client.create_refund(&refund())).unwrap_err();
        shown.push(format!("{error} {error:?} {error:#?}"));
    }
    shown.extend(recorder.heard().into_iter().map(|heard| heard.debug));
    shown.extend(net.asked().iter().map(|asked| format!("{asked:?}")));
    assert!(shown.len() > 8);
    for text in shown {
        assert!(!text.contains(SALT), "{text}");
    }
}
