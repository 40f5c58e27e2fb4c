using Microsoft.Extensions.Logging;
using Starling.Client.Core.Payloads;

namespace Starling.Client.Core.Requests;

/// <summary>What a responder works with.</summary>
internal sealed record ResponderParts(RespondOptions Options, PayloadCodec Codec, ILogger Logger);
