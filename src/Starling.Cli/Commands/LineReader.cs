namespace Starling.Cli.Commands;

/// <summary>Reads lines as bytes: a payload need not be text of any encoding.</summary>
internal sealed class LineReader(Stream input)
{
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next line without its line feed; null at the end. A last line without line feed counts.</summary>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        int scanned = _start;
        while (true)
        {
            int feed = _buffer.AsSpan(scanned, _end - scanned).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                byte[] line = _buffer[_start..(scanned + feed)];
                _start = scanned + feed + 1;
                return line;
            }

            MakeRoom();
            scanned = _end;
            int read = await input.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                byte[]? last = _start < _end ? _buffer[_start.._end] : null;
                _start = _end;
                return last;
            }

            _end += read;
        }
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}
