#[test]
fn runs_against_the_simulator() {
    against_the_simulator().unwrap();
}
