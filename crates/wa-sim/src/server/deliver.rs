use std::{collections::BTreeMap, future, sync::Arc, time::Duration};

use tokio::{
    select,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::sleep,
};

use crate::{
    Delivery,
    server::{callback::CallbackError, shared::Shared},
};

/// Sends what is due after every change.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut revisions = shared.revisions();
    let mut lanes = BTreeMap::new();
    loop {
        revisions.borrow_and_update();
        let (due, wait) = shared.take_due();
        for delivery in due {
            lane(&mut lanes, &shared, &delivery.url).send(delivery).ok();
        }
        let more = async {
            match wait {
                Some(wait) => sleep(wait.max(SHORTEST)).await,
                None => future::pending().await,
            }
        };
        select! {
            changed = revisions.changed() => if changed.is_err() { return },
            () = more => {}
        }
    }
}

/// Deliveries to one address go one after another, so that their order is kept and none waits for another address.
fn lane<'a>(
    lanes: &'a mut BTreeMap<String, UnboundedSender<Delivery>>,
    shared: &Arc<Shared>,
    url: &str,
) -> &'a UnboundedSender<Delivery> {
    lanes.entry(url.to_owned()).or_insert_with(|| {
        let (sender, deliveries) = unbounded_channel();
        tokio::spawn(send_all(shared.clone(), deliveries));
        sender
    })
}

async fn send_all(shared: Arc<Shared>, mut deliveries: UnboundedReceiver<Delivery>) {
    while let Some(delivery) = deliveries.recv().await {
        match shared.callbacks.deliver(&delivery).await {
            Ok(is_accepted) => shared.engine().settle(delivery.id, is_accepted),
            Err(CallbackError::Elsewhere) => shared.engine().withhold(delivery.id),
            Err(CallbackError::Failed(_)) => shared.engine().settle(delivery.id, false),
        }
    }
}

const SHORTEST: Duration = Duration::from_millis(1);
