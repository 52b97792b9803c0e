//! The journal when something goes wrong: full queues, bad rows, failing databases.

#[path = "../store_story/desk.rs"]
#[expect(dead_code, reason = "the story of the store uses all of it")]
mod desk;
#[path = "../store_story/facts.rs"]
#[expect(dead_code, reason = "the story of the store uses all of it")]
mod facts;

mod damage;
mod queue;
mod trouble;
