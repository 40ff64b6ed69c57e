use wa_core::{
    types::{PhoneNumberId, Pin},
    verification::VerifyCode,
};

fn main() {
    let number = PhoneNumberId::new("1").unwrap();
    VerifyCode::new(&number, Pin::new("012345").unwrap());
}
