use wa_types::TemplateCategory;

use super::{Components, has_names, texts};
use crate::{
    BuildError,
    api::template::{
        Button, Component, Header, LimitedTimeOffer, MediaKind, Text,
        carousel::{LONGEST_CARD_BODY, check_cards},
        text::length,
    },
};

impl Components {
    pub(super) fn check(&self) -> Result<(), BuildError> {
        self.header.as_ref().map_or(Ok(()), Header::check)?;
        self.body.check("a body", self.longest_body())?;
        self.body.check_surroundings("a body")?;
        if let Some(footer) = &self.footer {
            length("a footer", footer, LONGEST_FOOTER)?;
            if footer.contains("{{") {
                return Err(BuildError::new("a footer has no variables"));
            }
        }
        check_buttons(&self.buttons)?;
        self.check_category()?;
        self.check_product()?;
        self.check_parts()?;
        self.offer.as_ref().map_or(Ok(()), |offer| self.check_offer(offer))?;
        check_cards(&self.cards)?;
        check_formats(&self.list())
    }

    fn longest_body(&self) -> usize {
        match (&self.offer, &self.header) {
            (Some(_), _) => LONGEST_OFFER_BODY,
            (None, Some(Header::Product)) => LONGEST_CARD_BODY,
            _ => LONGEST_BODY,
        }
    }

    fn check_category(&self) -> Result<(), BuildError> {
        if self.category == TemplateCategory::Marketing {
            return Ok(());
        }
        let is_for_marketing = |button: &&Button| {
            matches!(button, Button::Catalog { .. } | Button::MultiProduct { .. } | Button::SingleProduct { .. })
        };
        let what = match &self.header {
            _ if self.offer.is_some() => "a limited-time offer",
            _ if !self.cards.is_empty() => "a carousel",
            Some(Header::Media { kind: MediaKind::Gif, .. }) => "a header with an animation",
            Some(Header::Product) => "a header with a product",
            _ => match self.buttons.iter().find(is_for_marketing) {
                Some(button) => return Err(for_marketing(&format!("a {} button", button.kind()))),
                None => return Ok(()),
            },
        };
        Err(for_marketing(what))
    }

    fn check_product(&self) -> Result<(), BuildError> {
        let has_button = self.buttons.iter().any(|button| matches!(button, Button::SingleProduct { .. }));
        match (matches!(self.header, Some(Header::Product)), has_button) {
            (true, false) => {
                Err(BuildError::new("a header with a product needs a button that shows it: single_product"))
            }
            (false, true) => Err(BuildError::new("a SPM button shows the product of the header: add Header::product")),
            _ => Ok(()),
        }
    }

    /// Parts that exclude each other.
    fn check_parts(&self) -> Result<(), BuildError> {
        let has_cards = !self.cards.is_empty();
        let has_buttons = !self.buttons.is_empty();
        if has_cards && (has_buttons || self.header.is_some() || self.footer.is_some()) {
            return Err(BuildError::new(
                "beside a carousel there are only words: put headers and buttons on its cards",
            ));
        }
        if self.asks_to_call && (has_buttons || has_cards || self.offer.is_some()) {
            return Err(BuildError::new("who asks to call has no buttons, no carousel and no offer beside that"));
        }
        if self.offer.is_some() && has_cards {
            return Err(BuildError::new("a template has a limited-time offer or a carousel, not both"));
        }
        Ok(())
    }

    fn check_offer(&self, offer: &LimitedTimeOffer) -> Result<(), BuildError> {
        length("a limited-time offer", &offer.text, LONGEST_OFFER)?;
        let complaint = |reason: &'static str| Err(BuildError::new(reason));
        if self.footer.is_some() {
            return complaint("a limited-time offer has no footer");
        }
        if !matches!(self.header, None | Some(Header::Media { kind: MediaKind::Image | MediaKind::Video, .. })) {
            return complaint("a limited-time offer has an image, a video or nothing on top");
        }
        // In Brazil it may have buttons for payments, which are not typed here.
        if self.buttons.iter().any(|button| matches!(button, Button::Other { .. } | Button::OrderDetails { .. })) {
            return Ok(());
        }
        let code = self.buttons.iter().position(|button| matches!(button, Button::CopyCode { .. }));
        let page = self.buttons.iter().position(|button| matches!(button, Button::Url { .. }));
        match (code, page) {
            (None, _) if offer.has_expiration == Some(true) => {
                complaint("a limited-time offer that expires needs a button that copies a code: add copy_code first")
            }
            (Some(0), Some(1)) | (None, Some(0)) => Ok(()),
            _ => complaint(
                "a limited-time offer has a button that opens a page, and before it, if at all, one that copies a code",
            ),
        }
    }
}

/// Refuses buttons that are too many, too many of a kind, or mixed with quick replies.
fn check_buttons(buttons: &[Button]) -> Result<(), BuildError> {
    buttons.iter().try_for_each(Button::check)?;
    if buttons.len() > MOST_BUTTONS {
        return Err(BuildError::new(format!(
            "a template has {MOST_BUTTONS} buttons at most: these are {}",
            buttons.len()
        )));
    }
    for (kind, most) in [("URL", 2), ("PHONE_NUMBER", 1), ("COPY_CODE", 1)] {
        let found = buttons.iter().filter(|button| button.kind() == kind).count();
        if found > most {
            return Err(BuildError::new(format!("a template has {most} {kind} buttons at most: these are {found}")));
        }
    }
    let is_reply: Vec<_> = buttons.iter().map(|button| matches!(button, Button::QuickReply { .. })).collect();
    if is_reply.windows(2).filter(|pair| pair.first() != pair.last()).count() > 1 {
        return Err(BuildError::new("quick replies stand together, before all other buttons or behind them"));
    }
    Ok(())
}

/// Names and numbers do not mix in one template, except that the address of a page may keep its `{{1}}`.
fn check_formats(components: &[Component]) -> Result<(), BuildError> {
    if has_names(components) && texts(components).any(Text::has_numbers) {
        return Err(BuildError::new(
            "a template has variables with numbers or with names: use one kind in all its parts",
        ));
    }
    Ok(())
}

fn for_marketing(what: &str) -> BuildError {
    BuildError::new(format!("{what} is for marketing: use Components::marketing"))
}

const LONGEST_BODY: usize = 1_024;
const LONGEST_OFFER_BODY: usize = 600;
const LONGEST_FOOTER: usize = 60;
const LONGEST_OFFER: usize = 16;
const MOST_BUTTONS: usize = 10;
