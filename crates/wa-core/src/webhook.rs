//! What the service sends by itself: checked first, then read. What the changes hold is in [`types::webhook`](crate::types::webhook).
//!
//! A program that has an HTTP server puts a [`Receiver`] behind it, works on each event in an [`Inbox`], so that a repeated
//! delivery is not worked on twice, and asks [`ServiceWindows`] whom it may write to. The parts serve by themselves, too:
//!
//! A delivery is one or more events, each of them an item of a list or a whole value, each with the account, the number, the
//! person and a [`key`](Event::key) that a repeated delivery has again. A bot looks at the messages:
//!
//! ```
//! use wa_core::types::{AppSecret, webhook::{InboundContent, InteractiveReply}};
//! use wa_core::webhook::{Change, Unverified, Verifier};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let verifier = Verifier::new(&AppSecret::new("app-secret")?);
//!
//! # let body = br#"{"object":"whatsapp_business_account","entry":[]}"#;
//! # let signature = verifier.sign(body);
//! let delivery = Unverified::new(Some(signature.as_bytes()), body).verify(&verifier)?;
//! for event in delivery.events()? {
//!     let name = event.contact.as_ref().and_then(|contact| contact.name()).unwrap_or("somebody");
//!     match &event.change {
//!         Change::Message(message) => match &message.content {
//!             InboundContent::Text(text) => println!("{name} wrote {}", text.body),
//!             InboundContent::Interactive(InteractiveReply::Button(button)) => println!("{name} pressed {}", button.id),
//!             InboundContent::Reaction(reaction) if reaction.is_removal() => println!("{name} took a reaction back"),
//!             content => match content.media() {
//!                 Some(media) => println!("{name} sent {:?}, to be fetched by {:?}", media.mime_type, media.id),
//!                 None => println!("{name} sent a message of the kind {}: {}", content.kind(), event.raw),
//!             },
//!         },
//!         Change::Status(status) => println!("{} is {}", status.id, status.status),
//!         _ => println!("{} says {}", event.field, event.raw),
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Fields
//!
//! A field that is not typed, or a kind of message that is new, is handed on as JSON. *Page*: Meta describes it. *Seen*: a
//! delivery was kept by somebody. *Told*: other clients read it so.
//!
//! | field | [`Change`] | how sure |
//! |---|---|---|
//! | `messages` | `Message`, `Status`, `UserAction`, `ConversationContext`, `Failure` | pages; messages and statuses seen in many kept deliveries; payments told by clients; `conversation_context` since 2026-09 |
//! | `smb_message_echoes` | `Echo` | page, seen |
//! | `message_echoes` | `Echo` | seen as a test delivery of the dashboard; no page |
//! | `history` | `History`, `HistoryMessage` | page, seen |
//! | `smb_app_state_sync` | `StateSync` | page, seen |
//! | `calls` | `Call`, `CallStatus`, `Failure` | pages, seen; recordings and transcripts from pages only |
//! | `group_lifecycle_update`, `group_participants_update`, `group_settings_update`, `group_status_update` | `Group` | page only |
//! | `user_preferences` | `UserPreference` | page |
//! | `user_id_update` | `UserIdUpdate` | pages of 2026-04 to 07; told to be withdrawn in 2026-08 for the kind `system` of messages |
//! | `automatic_events` | `AutomaticEvent` | page; not in the EU, the UK and Japan |
//! | `tracking_events` | `TrackingEvent` | seen as a test delivery of the dashboard; no page |
//! | `messaging_handovers` | `Handover` | page only |
//! | `standby` | `StandbyMessage`, `StandbyStatus`, `StandbyEcho` | page only, since 2026-08 |
//! | `message_template_status_update` | `TemplateStatus` | page, seen |
//! | `message_template_quality_update` | `TemplateQuality` | page |
//! | `message_template_components_update` | `TemplateComponents` | page |
//! | `template_category_update` | `TemplateCategory` | page |
//! | `template_correct_category_detection` | `TemplateCategoryDetection` | page of Direct Send |
//! | `phone_number_name_update` | `NameUpdate` | page |
//! | `phone_number_quality_update` | `QualityUpdate` | page |
//! | `business_username_updates` | `Username` | page, which also has the singular |
//! | `security` | `Security` | page |
//! | `account_update` | `AccountUpdate` | page; `sessionInfo` and `lock_info` told by clients |
//! | `account_review_update` | `AccountReview` | page |
//! | `account_alerts` | `AccountAlert` | page |
//! | `account_settings_update` | `Settings` | page, since 2025-07 |
//! | `business_capability_update` | `BusinessCapability` | page |
//! | `partner_solutions` | `Solution` | page |
//! | `payment_configuration_update` | `PaymentConfiguration` | page |
//! | `flows` | `Flow` | page |
//! | `business_status_update`, `consumer_profile`, any other | `Other` | no page |

mod change;
#[cfg(test)]
mod coverage;
mod delivery;
mod event;
mod fields;
mod handshake;
mod inbox;
mod key;
mod receiver;
mod signature;
mod value;
#[cfg(test)]
mod vectors;
mod window;

pub use change::Change;
pub use delivery::MalformedDelivery;
pub use event::Event;
pub use handshake::{Handshake, HandshakeError};
pub use inbox::{AsyncInbox, Claim, Inbox, InboxError, Lease, MemoryInbox, RETENTION};
pub use key::EventKey;
pub use receiver::{Accepted, MAX_BODY, Receiver, Refusal, SignedDelivery};
pub use signature::{SignatureError, Unverified, Verified, Verifier};
pub use window::ServiceWindows;
