using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Client.Core;

/// <summary>What a thread of the application tells the loop.</summary>
/// <param name="Content">
/// An <see cref="OutgoingMessage"/> to send, an <see cref="EncodedBatch"/> to write, a <see cref="PublishCall"/> whose PUBREC is stored, an
/// <see cref="Action{Instant}"/> to do, or, for an acknowledgement, its Reason String or null.
/// </param>
/// <param name="Token">What is acknowledged.</param>
/// <param name="Reason">With which code.</param>
internal readonly record struct Letter(object? Content, IncomingToken Token, ReasonCode Reason);
