//! What happens by itself: sessions expire, slow money settles, subscriptions renew.

use std::sync::Arc;
use std::time::Duration;

use super::events::News;
use super::session::{Session, Status};
use super::store::Object;
use super::{cycle, delayed, refunds, sessions};
use crate::world::World;

/// Looks once a second, and whenever someone moves the clock.
pub fn watch_expiry(world: &Arc<World>) {
    let watched = world.clone();
    world.tasks.spawn(async move {
        loop {
            tokio::select! {
                () = watched.stop.cancelled() => return,
                () = watched.clock.moves() => {}
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
            sweep(&watched);
        }
    });
}

/// Does what is due by the sandbox clock.
pub fn sweep(world: &Arc<World>) {
    let now = world.clock.timestamp();
    let due: Vec<String> = {
        let store = world.stripe.lock();
        let over = |session: &Session| session.status == Status::Open && session.expires_at <= now;
        store.sessions.iter().filter(|(_, session)| over(session)).map(|(id, _)| id.clone()).collect()
    };
    let mut news = News::default();
    for expired in due.iter().filter_map(|id| sessions::end(world, id)) {
        news.add("checkout.session.expired", expired.to_json(&world.base_url));
    }
    news.send(world, None);
    delayed::settle(world);
    refunds::settle(world);
    cycle::due(world);
}
