use wa_core::{
    api::number::Register,
    types::{PhoneNumberId, VerificationCode},
};

fn main() {
    let number = PhoneNumberId::new("1").unwrap();
    Register::new(&number, VerificationCode::new("012345").unwrap());
}
