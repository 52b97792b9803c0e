//! The page about the mock's fidelity names every switch, fault and setting rightly.

use douyin_pay_mock::{CallFault, CallbackFault, Faults, MockConfig, OperationFault};

const PAGE: &str = include_str!("../../../../docs/mock-fidelity.md");
const SWITCHES: &str = include_str!("../../src/config/switches.rs");

#[test]
fn every_switch_is_on_the_page() {
    let fields = SWITCHES.lines().filter_map(|line| line.strip_prefix("    pub ")?.split_once(':'));
    let mut count = 0;
    for (name, _) in fields {
        let named = PAGE.contains(&format!("`{name}")) || PAGE.contains(&format!("{name} = "));
        assert!(named || PAGE.contains(&format!(" {name},")), "`{name}` is not described");
        count += 1;
    }
    assert!(count > 30, "{count}");
}

#[test]
fn every_variant_of_the_signature_on_the_page_can_be_configured() {
    let table = PAGE.split("## Where sources disagree").nth(1).unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(1).take(6);
    let names = rows.flat_map(|row| row.rsplit(" | ").next().unwrap().split(['`', '"']));
    let names: Vec<&str> = names.filter(|name| name.len() > 3 && !name.contains([' ', '[', '|'])).collect();
    assert!(names.len() >= 15, "{names:?}");
    for name in names {
        let config = MockConfig::from_toml(&format!("signature_variants = [\"{name}\"]"));
        assert_eq!(config.unwrap_or_else(|cause| panic!("{name}: {cause}")).signature_variants.len(), 1);
    }
}

#[test]
fn the_configuration_on_the_page_is_one() {
    let block = PAGE.split("## The configuration").nth(1).unwrap().split("```toml\n").nth(1).unwrap();
    let block = block.split("```").next().unwrap();
    let lines = block.lines().filter(|line| !line.contains("-----BEGIN"));
    let config = MockConfig::from_toml(&lines.collect::<Vec<_>>().join("\n")).unwrap();
    assert_eq!((config.providers.len(), config.apps.len(), config.bills.available_hour), (1, 1, 10));
    assert_eq!(config.apps[0].seller_by_way.len(), 1);
    assert_eq!(config.negative_tests["MA_PAY_BAN"].err_no, 2010);
}

#[test]
fn every_fault_is_on_the_page() {
    use CallFault as C;
    use CallbackFault as B;
    use OperationFault as O;
    let mut faults = Faults::default();
    for fault in [
        C::LoseRequest,
        C::LoseResponse,
        C::InternalBefore,
        C::InternalAfter,
        C::GatewayBefore,
        C::GatewayAfter,
        C::Hang,
        C::HangAfter,
        C::Delay,
        C::Throttle,
        C::ThrottleBurst,
    ] {
        faults.calls.insert(fault, 1);
    }
    for fault in [
        B::Never,
        B::Late,
        B::Reordered,
        B::Lost,
        B::Doubled,
        B::WrongSignature,
        B::AcknowledgementLost,
        B::DoubledWithin50Ms,
        B::NumericTimestamp,
        B::AppIdForAppid,
        B::MissingItemId,
    ] {
        faults.callbacks.insert(fault, 1);
    }
    for fault in
        [O::RefundFails, O::SettlementFails, O::ReturnFails, O::WithdrawFails, O::WithdrawReexchanged]
    {
        faults.operations.insert(fault, 1);
    }
    let json = serde_json::to_value(&faults).unwrap();
    for group in ["calls", "callbacks", "operations"] {
        for name in json[group].as_object().unwrap().keys() {
            assert!(PAGE.contains(&format!("`{name}`")), "`{name}` of {group} is not described");
        }
    }
}
