//! Where in a container image something stands.

/// A part of a container image, as the image itself tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImagePlace {
    /// What the image is called: its first tag, and its platform where an index tells one, as in `shop:1.2
    /// linux/arm64`. Text of the image; empty where nothing names it.
    pub image: String,
    /// Which part of it.
    pub part: ImagePart,
}

/// What images are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImagePart {
    /// A file of a layer, or what stands beside the files in it.
    Layer {
        /// Its number, from 1 for the lowest.
        number: usize,
        /// How many layers the image has.
        of: usize,
        /// The command that made it, from the history of the image; none where the history does not fit the layers.
        created_by: Option<String>,
        /// The number of the first layer above it that hides the file.
        hidden_by: Option<usize>,
    },
    /// A part of the configuration, by what reports call it, such as `environment`.
    Setting(&'static str),
    /// A step of the history, from 1.
    Step(usize),
    /// A file that no manifest names, such as the configuration of an image before a change.
    Unlisted,
    /// What lists the parts of images, with its annotations.
    Manifest,
    /// What a builder attests of the image, such as the arguments of the build.
    Attestation,
}

impl ImagePart {
    /// The word that JSON uses for the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Layer { .. } => "layer",
            Self::Setting(name) => name,
            Self::Step(_) => "history",
            Self::Unlisted => "unlisted",
            Self::Manifest => "manifest",
            Self::Attestation => "attestation",
        }
    }

    /// True for a file that a layer above it hides. Whoever pulls the image has it all the same.
    pub fn is_hidden(&self) -> bool {
        matches!(
            self,
            Self::Layer {
                hidden_by: Some(_),
                ..
            }
        )
    }
}
