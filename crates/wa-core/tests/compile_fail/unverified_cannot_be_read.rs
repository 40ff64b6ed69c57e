use wa_core::webhook::Unverified;

fn main() {
    Unverified::new(None, b"{}").events();
}
