//! A client that sends bytes and gets bytes.

use bytes::{Buf as _, BufMut as _, Bytes};
use http::uri::PathAndQuery;
use tonic::Status;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::Channel;

pub const RUN: &str = "/apiextensions.fn.proto.v1.FunctionRunnerService/RunFunction";

/// A client of one connection.
#[derive(Clone)]
pub struct Client(Grpc<Channel>);

impl Client {
    pub fn new(channel: Channel) -> Self {
        Client(Grpc::new(channel).max_decoding_message_size(usize::MAX))
    }

    /// Calls `RunFunction` with these bytes.
    pub async fn call(&self, request: impl Into<Bytes>) -> Result<Bytes, Status> {
        self.call_at(RUN, request).await
    }

    pub async fn call_at(&self, path: &'static str, request: impl Into<Bytes>) -> Result<Bytes, Status> {
        let mut grpc = self.0.clone();
        grpc.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
        let request = tonic::Request::new(request.into());
        grpc.unary(request, PathAndQuery::from_static(path), Raw).await.map(tonic::Response::into_inner)
    }
}

#[derive(Clone, Copy, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Raw;
    type Decoder = Raw;

    fn encoder(&mut self) -> Raw {
        Raw
    }

    fn decoder(&mut self) -> Raw {
        Raw
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(message);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        let length = buffer.remaining();
        Ok(Some(buffer.copy_to_bytes(length)))
    }
}
