using System.Text;
using Starling.Broker.Ports;
using Starling.Conformance.Cases;

namespace Starling.Conformance.Tests.Targets;

/// <summary>Denies what the suite expects to be denied: one prefix of topics and filters, also of shared ones. All else is allowed.</summary>
internal sealed class PreparedAuthorizer : IAuthorizer
{
    public bool TryAuthorize(scoped in AuthorizationRequest request, ICompletion<bool> completion, out bool isAllowed)
    {
        string topic = Encoding.UTF8.GetString(request.Topic);
        string filter = topic.StartsWith("$share/", StringComparison.Ordinal) ? topic.Split('/', 3)[^1] : topic;
        isAllowed = !filter.StartsWith(Preparation.DeniedPrefix, StringComparison.Ordinal);
        return true;
    }
}
