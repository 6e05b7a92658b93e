//! What a type is called in C.

use std::collections::HashMap;

use sockcore::btf::{Kind, Type, TypeId, Types};

use crate::text::{decimal, labelled};

/// The names that types of one program got. Of several types of one name, the second one that is
/// written has `___2` behind it, and so on.
#[derive(Debug, Default)]
pub(super) struct TypeNames {
    resolved: HashMap<u32, Vec<u8>>,
    /// How many types have a name: structs, unions and enumerations, and typedefs.
    tags: HashMap<Vec<u8>, u32>,
    typedefs: HashMap<Vec<u8>, u32>,
}

impl TypeNames {
    fn name(&mut self, types: &Types, id: TypeId, of: &Type) -> &[u8] {
        let counts = match of.kind {
            Kind::Typedef(_) => &mut self.typedefs,
            _ => &mut self.tags,
        };
        let counted = match &of.kind {
            Kind::Forward { .. } => false,
            Kind::Enum(enumeration) => enumeration.wide || !enumeration.values.is_empty(),
            _ => true,
        };
        self.resolved.entry(id.0).or_insert_with(|| {
            let mut name = types.name(of).to_vec();
            if counted && !name.is_empty() {
                let count = counts.entry(name.clone()).or_insert(0);
                *count += 1;
                if *count > 1 {
                    labelled(&mut name, "___", *count);
                }
            }
            name
        })
    }
}

/// Writes the declaration of a thing of some type, without qualifiers.
pub(super) fn write(
    out: &mut Vec<u8>,
    types: &Types,
    names: &mut TypeNames,
    id: TypeId,
    name: &[u8],
) {
    let longest = out.len() + LONGEST;
    let mut writer = Writer {
        out,
        types,
        names,
        longest,
    };
    writer.declaration(id, name, 0);
}

/// Types inside types that are followed at most.
const DEPTH: u32 = 64;
/// A function that takes itself has a declaration without end: this much of it is written.
const LONGEST: usize = 1 << 16;

struct Writer<'w> {
    out: &'w mut Vec<u8>,
    types: &'w Types,
    names: &'w mut TypeNames,
    /// Where the text is cut off.
    longest: usize,
}

impl Writer<'_> {
    fn declaration(&mut self, id: TypeId, name: &[u8], depth: u32) {
        if depth > DEPTH || self.out.len() > self.longest {
            return;
        }
        // What the thing is of, from the outside in: a pointer, to an array, of a struct.
        let mut chain = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next.filter(|_| chain.len() < DEPTH as usize) {
            let id = self.types.behind(id, false);
            chain.push(id);
            next = match self.types.get(id).map(|found| &found.kind) {
                Some(Kind::Pointer(inner)) => Some(*inner),
                Some(Kind::Array { element, .. }) => Some(*element),
                Some(Kind::Prototype { result, .. }) => Some(*result),
                _ => None,
            };
        }
        self.chain(&mut chain, name, depth);
    }

    fn chain(&mut self, chain: &mut Vec<TypeId>, name: &[u8], depth: u32) {
        // The first star of a chain of its own stands behind a parenthesis.
        let mut behind_star = true;
        let types = self.types;
        while let Some(id) = chain.pop() {
            let Some(found) = types.get(id) else {
                self.out.extend_from_slice(b"void");
                behind_star = false;
                continue;
            };
            match &found.kind {
                Kind::Pointer(_) => {
                    self.out
                        .extend_from_slice(if behind_star { b"*" } else { b" *" });
                    behind_star = true;
                    continue;
                }
                Kind::Array { count, .. } => {
                    self.array(chain, name, *count, behind_star, depth);
                    return;
                }
                Kind::Prototype { parameters, .. } => {
                    if chain.is_empty() {
                        self.name(name, behind_star);
                    } else {
                        self.out.extend_from_slice(b" (");
                        self.chain(chain, name, depth);
                        self.out.push(b')');
                    }
                    self.out.push(b'(');
                    if matches!(
                        parameters.as_slice(),
                        [] | [sockcore::btf::Parameter {
                            kind: TypeId(0),
                            ..
                        }]
                    ) {
                        self.out.extend_from_slice(b"void");
                    }
                    for (number, parameter) in parameters.iter().enumerate() {
                        let is_last = number + 1 == parameters.len();
                        if number > 0 {
                            self.out.extend_from_slice(b", ");
                        }
                        if parameter.kind != TypeId(0) || !is_last {
                            let name = types.parameter_name(parameter);
                            self.declaration(parameter.kind, name, depth + 1);
                        } else if number > 0 {
                            self.out.extend_from_slice(b"...");
                        }
                    }
                    self.out.push(b')');
                    return;
                }
                Kind::Struct(_) => self.tagged(b"struct", id, found),
                Kind::Union(_) => self.tagged(b"union", id, found),
                Kind::Enum(_) => {
                    self.out.extend_from_slice(b"enum ");
                    let name = self.names.name(types, id, found);
                    self.out.extend_from_slice(name);
                }
                Kind::Forward { union: false } => self.tagged(b"struct", id, found),
                Kind::Forward { union: true } => self.tagged(b"union", id, found),
                Kind::Typedef(_) => {
                    let name = self.names.name(types, id, found);
                    self.out.extend_from_slice(name);
                }
                _ => self.out.extend_from_slice(types.name(found)),
            }
            behind_star = false;
        }
        self.name(name, behind_star);
    }

    fn array(
        &mut self,
        chain: &mut Vec<TypeId>,
        name: &[u8],
        count: u32,
        behind_star: bool,
        depth: u32,
    ) {
        let outer = chain.last().and_then(|id| self.types.get(*id));
        match outer {
            None if chain.is_empty() => self.name(name, behind_star),
            outer => {
                let dimension = matches!(outer.map(|outer| &outer.kind), Some(Kind::Array { .. }));
                if !name.is_empty() && !behind_star {
                    self.out.push(b' ');
                }
                if !dimension {
                    self.out.push(b'(');
                }
                self.chain(chain, name, depth);
                if !dimension {
                    self.out.push(b')');
                }
            }
        }
        self.out.push(b'[');
        decimal(self.out, count);
        self.out.push(b']');
    }

    fn tagged(&mut self, keyword: &[u8], id: TypeId, of: &Type) {
        self.out.extend_from_slice(keyword);
        let name = self.names.name(self.types, id, of);
        if !name.is_empty() {
            self.out.push(b' ');
            self.out.extend_from_slice(name);
        }
    }

    fn name(&mut self, name: &[u8], behind_star: bool) {
        if !name.is_empty() && !behind_star {
            self.out.push(b' ');
        }
        self.out.extend_from_slice(name);
    }
}
