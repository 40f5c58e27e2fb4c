using Starling.Broker.Ports;

namespace Starling.Storage.Tests.Model;

internal delegate TResult RecordTaker<out TResult>(scoped in StoreRecord record);
