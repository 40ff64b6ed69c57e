use wa_core::{api::number::ReadNumber, types::WabaId};

fn main() {
    let account = WabaId::new("1").unwrap();
    ReadNumber::new(&account);
}
