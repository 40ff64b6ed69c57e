use wa_core::types::AccessToken;

fn write<T: serde::Serialize>(_: &T) {}

fn main() {
    write(&AccessToken::new("EAAJB").unwrap());
}
