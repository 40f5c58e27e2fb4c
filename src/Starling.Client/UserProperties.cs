using System.Collections;
using System.Runtime.CompilerServices;

namespace Starling.Client;

/// <summary>User Properties in their order; a name may repeat. Immutable.</summary>
[CollectionBuilder(typeof(UserProperties), nameof(Create))]
public sealed class UserProperties : IReadOnlyList<UserProperty>
{
    private readonly UserProperty[] _items;

    private UserProperties(UserProperty[] items) => _items = items;

    /// <summary>None.</summary>
    public static UserProperties Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public UserProperty this[int index] => _items[index];

    /// <summary>The first value with this name; null when there is none.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (UserProperty property in _items)
            {
                if (property.Name == name)
                {
                    return property.Value;
                }
            }

            return null;
        }
    }

    /// <summary>Copies pairs.</summary>
    public static UserProperties Create(ReadOnlySpan<UserProperty> items) => items.IsEmpty ? Empty : new(items.ToArray());

    /// <inheritdoc/>
    public IEnumerator<UserProperty> GetEnumerator() => ((IEnumerable<UserProperty>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}
