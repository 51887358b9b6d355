//! The theme: templates, texts and assets. They are built in; a file of the same name in the theme folder wins, and
//! `@default/x.html` names the built-in one, so that a template can extend what it replaces.

mod assets;
mod escape;
mod filters;
mod source;
mod texts;

use std::path::PathBuf;
use std::sync::Arc;

use fluent_bundle::FluentValue;
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use serde::Serialize;

pub use assets::Asset;
use assets::Assets;
use source::{BuiltIn, Source};
use texts::Texts;

use crate::error::{Error, Result};

/// Templates, texts and assets, ready to be used.
#[derive(Debug)]
pub struct Theme {
    environment: Environment<'static>,
    texts: Arc<Texts>,
    assets: Arc<Assets>,
}

impl Theme {
    /// Loads the theme of the storefront; files in the folder win over the built-in ones.
    pub fn load(folder: Option<PathBuf>) -> Result<Self> {
        Self::read(Source::new(BuiltIn::Storefront, folder))
    }

    /// Loads the theme of the admin, as it is built in.
    pub fn admin() -> Result<Self> {
        Self::read(Source::new(BuiltIn::Admin, None))
    }

    fn read(source: Source) -> Result<Self> {
        let texts = Arc::new(Texts::load(&source)?);
        let assets = Arc::new(Assets::load(&source));
        let environment = environment(source, texts.clone(), assets.clone());
        Ok(Self { environment, texts, assets })
    }

    /// Renders a template, named by its path under `templates/`.
    pub fn render(&self, template: &str, context: &impl Serialize) -> Result<String> {
        let context = Value::from(Serde(context));
        let rendered = if cfg!(debug_assertions) {
            // While a theme is being made, every page shows the templates as they are on disk.
            let mut fresh = self.environment.clone();
            fresh.clear_templates();
            fresh.get_template(template).and_then(|template| template.render(context))
        } else {
            self.environment.get_template(template).and_then(|template| template.render(context))
        };
        rendered.map_err(|error| Error::Internal(describe(&error)))
    }

    /// A text of the theme, for what a page says outside of its templates.
    pub fn text(&self, key: &str) -> String {
        self.text_with(key, &[])
    }

    /// A text of the theme with values in it.
    pub fn text_with(&self, key: &str, values: &[(&str, &str)]) -> String {
        let values = values.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
        self.texts.format(key, &values).unwrap_or_else(|problem| {
            tracing::warn!("{problem}");
            key.to_owned()
        })
    }

    /// Whether the theme has a text of this name.
    pub fn has_text(&self, key: &str) -> bool {
        self.texts.has(key)
    }

    /// The file of an asset's path, such as `css/base.css`.
    pub fn asset(&self, path: &str) -> Option<&Asset> {
        self.assets.get(path)
    }

    /// What stands in the addresses of assets: it changes whenever any of them does.
    pub fn asset_hash(&self) -> &str {
        self.assets.hash()
    }
}

fn environment(source: Source, texts: Arc<Texts>, assets: Arc<Assets>) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_loader(move |name| Ok(source.template(name)));
    environment.set_formatter(escape::formatter);
    environment.add_filter("e", escape::filter);
    environment.add_filter("escape", escape::filter);
    environment.add_filter("money", filters::money);
    environment.add_filter("day", filters::day);
    environment.add_filter("date", filters::date);
    environment.add_filter("datetime", filters::datetime);
    environment.add_filter("moment", filters::moment);
    environment.add_filter("hour", filters::hour);
    environment.add_filter("year", filters::year);
    environment.add_filter("number", filters::number);
    environment.add_function("t", move |key: &str, values: Kwargs| texts.call(key, &values));
    environment.add_function("asset", move |path: &str| {
        let missing = || minijinja::Error::new(ErrorKind::InvalidOperation, format!("there is no asset {path:?}"));
        assets.url(path).ok_or_else(missing)
    });
    environment
}

/// What went wrong and where, without the values that were being shown.
fn describe(error: &minijinja::Error) -> String {
    let mut text = format!("template: {error}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::{Value as Json, json};

    use super::*;
    use crate::web::storefront::views::{PageInfo, ShopInfo, samples};

    #[test]
    fn every_template_renders_every_sample() {
        let theme = Theme::load(None).expect("the built-in theme loads");
        let (shop, page) = (ShopInfo::sample(), PageInfo::sample());
        for sample in samples::all() {
            let mut context = sample.context;
            context["shop"] = json!(shop);
            context["page"] = json!(page);
            if let Err(error) = theme.render(sample.template, &context) {
                panic!("{} in the state {:?}: {error}", sample.template, sample.state);
            }
        }
    }

    #[test]
    fn a_folder_wins_and_can_extend_what_it_replaces() {
        let folder = tempfile::tempdir().expect("a folder");
        let templates = folder.path().join("templates/storefront");
        fs::create_dir_all(&templates).expect("a folder");
        let text = "{% extends '@default/storefront/legal.html' %}{% block main %}Own {{ super() }}{% endblock %}";
        fs::write(templates.join("legal.html"), text).expect("a file");
        let theme = Theme::load(Some(folder.path().to_owned())).expect("loads");
        let mut context: Json = json!(crate::web::storefront::views::LegalPage::sample());
        context["shop"] = json!(ShopInfo::sample());
        context["page"] = json!(PageInfo::sample());
        let page = theme.render("storefront/legal.html", &context).expect("renders");
        assert!(page.contains("Own ") && page.contains("<html"), "{page}");
    }

    #[test]
    fn what_people_wrote_is_escaped() {
        let theme = Theme::load(None).expect("loads");
        let template = "{{ name }} {{ t('add-named', name=name) }}";
        let page = theme.environment.render_named_str("x.html", template, minijinja::context! { name => "<b>" });
        let page = page.expect("renders");
        assert!(page.contains("&lt;b&gt;") && !page.contains("<b>"), "{page}");
    }
}
