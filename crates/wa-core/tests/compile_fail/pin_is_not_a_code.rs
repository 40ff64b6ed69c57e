use wa_core::{
    api::number::VerifyCode,
    types::{PhoneNumberId, Pin},
};

fn main() {
    let number = PhoneNumberId::new("1").unwrap();
    VerifyCode::new(&number, Pin::new("012345").unwrap());
}
