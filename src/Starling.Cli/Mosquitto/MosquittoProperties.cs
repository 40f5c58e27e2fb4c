using System.Buffers;
using System.Globalization;
using System.Text;
using Starling.Cli.Formatting;
using Starling.Protocol.Packets;

namespace Starling.Cli.Mosquitto;

/// <summary>The properties that -D names, in wire form and in the order given; filled while they are read.</summary>
internal sealed class MosquittoProperties
{
    public const string NotEnough = "Error: --property argument given but not enough arguments specified.\n\n";

    // mosquitto's number of the error that it says.
    private const int NotConnectedError = 4;

    private static readonly string[] Carrying = ["connect", "publish", "subscribe", "unsubscribe", "disconnect", "will"];
    private static readonly string[] Known =
        [.. Carrying, "connack", "puback", "pubrec", "pubrel", "pubcomp", "suback", "unsuback", "auth"];

    private readonly Dictionary<string, ArrayBufferWriter<byte>> _blocks = [];

    /// <summary>The block of a command, without its length.</summary>
    public byte[] Block(string command) => _blocks.TryGetValue(command, out ArrayBufferWriter<byte>? block) ? block.WrittenSpan.ToArray() : [];

    /// <summary>Reads the words behind -D.</summary>
    /// <param name="words">The command line.</param>
    /// <param name="position">Of -D; of its last word afterwards.</param>
    /// <returns>What is wrong, in the words of mosquitto; null when nothing is.</returns>
    public string? Read(IReadOnlyList<string> words, ref int position)
    {
        int first = position + 1;
        if (first + 2 >= words.Count)
        {
            return NotEnough;
        }

        string command = words[first].ToLowerInvariant();
        if (!Known.Contains(command))
        {
            return "Error: Invalid command given in --property argument.\n\n";
        }

        PropertyId id = PropertyNames.Find(words[first + 1]);
        if (id == PropertyId.None)
        {
            return "Error: Invalid property name given in --property argument.\n\n";
        }

        if (!PropertyPlaces.IsAllowed(command, id))
        {
            return $"Error: {words[first + 1]} property not allowed for {words[first]} in --property argument.\n\n";
        }

        position = first + (id == PropertyId.UserProperty ? 3 : 2);
        if (position >= words.Count)
        {
            return NotEnough;
        }

        if (!Carrying.Contains(command) || (command == "publish" && id == PropertyId.SubscriptionIdentifier))
        {
            return $"Error: {words[first + 1]} property not supported for {words[first]} in --property argument.\n\n";
        }

        return Add(Block(command, create: true), id, words[position - 1], words[position]);
    }

    /// <summary>Adds a property that another flag stands for.</summary>
    public void AddNumber(string command, PropertyId id, uint number) => Add(Block(command, create: true), id, number);

    /// <summary>Adds a property that another flag stands for.</summary>
    public void AddText(string command, PropertyId id, string text) => Add(Block(command, create: true), id, "", text);

    /// <summary>Checks what only all properties of a command together show.</summary>
    public string? Check()
    {
        foreach (string command in Carrying)
        {
            string title = command == "will" ? "Will" : command.ToUpperInvariant();
            HashSet<PropertyId> seen = [];
            foreach (ReceivedProperty property in ReceivedProperty.ReadAll(Block(command)))
            {
                bool isChecked = !PropertyNames.IsText(property.Id)
                    && property.Id is not (PropertyId.PayloadFormatIndicator or PropertyId.SubscriptionIdentifier);
                if (isChecked && (property.Number < PropertyNames.SmallestAllowed(property.Id) || property.Number > PropertyNames.LargestAllowed(property.Id)))
                {
                    return $"Error in {title} properties: A network protocol error occurred when communicating with the broker.\n";
                }

                if (property.Id != PropertyId.UserProperty && !seen.Add(property.Id))
                {
                    return $"Error in {title} properties: Duplicate property in property list\n";
                }
            }
        }

        return null;
    }

    private ArrayBufferWriter<byte> Block(string command, bool create)
    {
        if (!_blocks.TryGetValue(command, out ArrayBufferWriter<byte>? block))
        {
            block = new ArrayBufferWriter<byte>();
            if (create)
            {
                _blocks[command] = block;
            }
        }

        return block;
    }

    private static string? Add(ArrayBufferWriter<byte> block, PropertyId id, string name, string text)
    {
        string shown = PropertyNames.Of(id);
        byte[] value = Encoding.UTF8.GetBytes(text);
        if (id == PropertyId.UserProperty)
        {
            byte[] key = Encoding.UTF8.GetBytes(name);
            if (key.Length > ushort.MaxValue || value.Length > ushort.MaxValue)
            {
                return $"Error: Property value too long for property {shown}.\n\n";
            }

            block.Advance(PropertyWriter.WriteUserProperty(block.GetSpan(PropertyWriter.GetByteCount(key, value)), key, value));
            return null;
        }

        if (PropertyNames.IsText(id))
        {
            if (value.Length > ushort.MaxValue)
            {
                return $"Error: Property value too long for property {shown}.\n\n";
            }

            block.Advance(PropertyWriter.Write(block.GetSpan(PropertyWriter.GetByteCount(value)), id, value));
            return null;
        }

        long number = CNumbers.ToLong(text);
        if (number < 0 || number > PropertyNames.LargestNumber(id))
        {
            return string.Create(CultureInfo.InvariantCulture, $"Error: Property value ({number}) out of range for property {shown}.\n\n");
        }

        if (id == PropertyId.SubscriptionIdentifier && number > VariableByteInteger.MaxValue)
        {
            return $"Error adding property {shown} {NotConnectedError}\n";
        }

        Add(block, id, (uint)number);
        return null;
    }

    private static void Add(ArrayBufferWriter<byte> block, PropertyId id, uint number) =>
        block.Advance(PropertyWriter.Write(block.GetSpan(PropertyWriter.GetByteCount(id, number)), id, number));
}
