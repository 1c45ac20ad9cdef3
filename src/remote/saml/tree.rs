//! Walking a parsed document: elements by namespace and name, texts as they stand.
use super::{Fault, refuse};
use roxmltree::{Document, Node, ParsingOptions};

/// DTDs are refused by the parser itself; `most` bounds the tree.
pub(super) fn parse(xml: &str, most: u32) -> Result<Document<'_>, Fault> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: most, ..ParsingOptions::default() };
    Document::parse_with_options(xml, options)
        .map_err(|_| Fault::new("the document is not well-formed XML without a DTD"))
}

pub(super) fn is(node: Node<'_, '_>, namespace: &str, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name && node.tag_name().namespace() == Some(namespace)
}

pub(super) fn children<'a, 'i>(
    node: Node<'a, 'i>,
    namespace: &'static str,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| is(*child, namespace, name))
}

/// The only child of that name; `None` when there is none.
pub(super) fn only<'a, 'i>(
    node: Node<'a, 'i>,
    namespace: &'static str,
    name: &'static str,
) -> Result<Option<Node<'a, 'i>>, Fault> {
    let mut all = children(node, namespace, name);
    let first = all.next();
    if all.next().is_some() { refuse(format!("there is more than one {name}")) } else { Ok(first) }
}

pub(super) fn needed<'a, 'i>(
    node: Node<'a, 'i>,
    namespace: &'static str,
    name: &'static str,
) -> Result<Node<'a, 'i>, Fault> {
    only(node, namespace, name)?.ok_or_else(|| Fault::new(format!("there is no {name}")))
}

/// The whole text of an element that holds nothing else.
pub(super) fn text(node: Node<'_, '_>) -> Result<String, Fault> {
    if node.children().any(|child| !child.is_text()) {
        return refuse("there is an element where a text was expected");
    }
    Ok(node.children().filter_map(|child| child.text()).collect())
}
