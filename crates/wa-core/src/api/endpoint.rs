/// Makes an endpoint that consists of its address: ids and words, no parameters, no content.
///
/// Anything more is an `impl Endpoint` of its own.
macro_rules! endpoint {
    (
        $(#[$meta:meta])*
        pub struct $name:ident($($id:ident: $type:ty),+) = $operation:literal;
        $method:ident $(/ $segment:tt)+ -> $answer:ty
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name<'a> {
            $($id: &'a $type,)+
        }

        impl<'a> $name<'a> {
            #[doc = concat!("The call `", stringify!($method), $(" / ", stringify!($segment),)+ "`.")]
            #[must_use]
            pub fn new($($id: &'a $type),+) -> Self {
                Self { $($id),+ }
            }
        }

        impl $crate::Endpoint for $name<'_> {
            const NAME: &'static str = $operation;
            const METHOD: ::http::Method = ::http::Method::$method;
            type Response = $answer;

            fn route(&self) -> $crate::Route<'_> {
                $crate::api::endpoint!(@route self, $($segment)+)
            }
        }
    };
    (@route $self:ident, $node:ident $($segment:tt)*) => {
        $crate::Route::node($self.$node)$(.edge($crate::api::endpoint!(@segment $self, $segment)))*
    };
    (@segment $self:ident, $word:literal) => { $word };
    (@segment $self:ident, $id:ident) => { ::core::convert::AsRef::<str>::as_ref($self.$id) };
}

pub(crate) use endpoint;
