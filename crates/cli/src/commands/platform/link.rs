//! `platform link`: the page on which a merchant opens or watches its account.

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use douyin_pay_protocol::ecpay::{
    AddMerchant, AddSubMerchant, AppAddSubMerchant, GetAppMerchant, MerchantLink, MerchantPage,
};
use douyin_pay_protocol::{ComponentToken, SubMerchantId};
use serde_json::json;

use super::columns::{As, Column};
use super::ending::{not_learnt, not_learnt_with, show};
use super::open::{At, converse};
use super::value;
use crate::commands::secret_from_env;
use crate::exit::Ended;
use crate::out::Form;

/// Whose page.
#[derive(Debug, Subcommand)]
pub enum Link {
    /// 小程序自己（由服务商为它进件） · the mini-program, opened by its service provider
    App(App),
    /// 分账方（由小程序或服务商进件） · a receiver of shares, opened by the mini-program or its provider
    SubMerchant(SubMerchant),
    /// 服务商自己 · the service provider itself
    Provider(Provider),
}

/// Which page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Page {
    /// 进件 · where the account is opened
    Onboarding,
    /// 余额 · where the balance is shown and withdrawn
    Balance,
}

impl From<Page> for MerchantPage {
    fn from(page: Page) -> Self {
        match page {
            Page::Onboarding => Self::Onboarding,
            Page::Balance => Self::Balance,
        }
    }
}

/// The mini-program's page.
#[derive(Debug, ClapArgs)]
pub struct App {
    #[command(flatten)]
    which: Which,
}

/// A receiver's page.
#[derive(Debug, ClapArgs)]
pub struct SubMerchant {
    /// 自己给这个商户起的标识（不是商户号） · your own key for that merchant, which is not its number
    #[arg(value_name = "SUB_MERCHANT_ID")]
    id: String,
    /// 以服务商的名义 · in the name of the service provider
    #[arg(long)]
    by_provider: bool,
    #[command(flatten)]
    which: Which,
}

/// The provider's page.
#[derive(Debug, ClapArgs)]
pub struct Provider {
    /// 存放 component_access_token 的环境变量名 · name of the environment variable that holds the component access token
    #[arg(long, value_name = "VAR")]
    component_token_env: String,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, ClapArgs)]
struct Which {
    /// 页面 · the page
    #[arg(long, value_enum, default_value_t = Page::Onboarding)]
    page: Page,
    #[command(flatten)]
    at: At,
}

/// The link opens the account of whoever has it, for two hours; it was asked for, so it is shown.
const COLUMNS: &[Column] = &[
    Column("链接（两小时内有效）", "link, good for two hours", "url", As::Plain),
    Column("商户号", "merchant", "merchant_id", As::Plain),
];

pub(super) fn run(link: &Link, form: Form) -> Ended {
    match link {
        Link::App(args) => of_app(args, form),
        Link::SubMerchant(args) => of_sub_merchant(args, form),
        Link::Provider(args) => of_provider(args, form),
    }
}

fn of_app(args: &App, form: Form) -> Ended {
    let opened = args.which.at.open()?;
    let ask = GetAppMerchant::new(opened.app.app_id.clone(), args.which.page.into());
    let provider = opened.provider()?;
    converse(async {
        let answer = provider.get_app_merchant(&ask).await.map_err(|error| not_learnt(&error))?;
        told(form, &answer, answer.log_id.as_deref());
        Ok(())
    })
}

fn of_sub_merchant(args: &SubMerchant, form: Form) -> Ended {
    let id = value("SUB_MERCHANT_ID", SubMerchantId::new(&args.id))?;
    let page = args.which.page.into();
    let opened = args.which.at.open()?;
    if args.by_provider {
        let provider = opened.provider()?;
        let ask = AddSubMerchant::new(id, page);
        return converse(async {
            let answer = provider.add_sub_merchant(&ask).await.map_err(|error| not_learnt(&error))?;
            told(form, &answer, answer.log_id.as_deref());
            Ok(())
        });
    }
    let client = opened.ecpay()?;
    let ask = AppAddSubMerchant::new(id, page);
    converse(async {
        let answer = client.app_add_sub_merchant(&ask).await.map_err(|error| not_learnt(&error))?;
        told(form, &answer, answer.log_id.as_deref());
        Ok(())
    })
}

fn of_provider(args: &Provider, form: Form) -> Ended {
    let token = secret_from_env("--component-token-env", &args.component_token_env)?;
    let token = value("--component-token-env", ComponentToken::new(token))?;
    let provider = args.which.at.open()?.provider()?;
    let ask = AddMerchant::new(token, args.which.page.into());
    converse(async {
        let answer = provider
            .add_merchant(&ask)
            .await
            .map_err(|error| not_learnt_with("--component-token-env", &error))?;
        told(form, &answer, answer.log_id.as_deref());
        Ok(())
    })
}

fn told(form: Form, link: &MerchantLink, log_id: Option<&str>) {
    show(form, &json!({ "url": link.url, "merchant_id": link.merchant_id }), log_id, COLUMNS);
}
