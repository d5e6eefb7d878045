using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace AppAttach.Imaging.Manifests;

/// <summary>Reads a JSON document token by token from a stream, in memory that does not grow with it.</summary>
/// <param name="stream">The document, UTF-8; read front to back, left open.</param>
internal sealed class JsonTokens(Stream stream)
{
    /// <summary>Largest document, in bytes. Ten million blocks of 64 KiB, 640 GiB of content, fit.</summary>
    public const long MaximumBytes = 512L << 20;

    // A path of 32,767 units takes six bytes each when all of them are escaped.
    private const int MaximumTokenBytes = 256 << 10;
    private const int MaximumDepth = 16;

    private readonly byte[] _buffer = new byte[MaximumTokenBytes];
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = MaximumDepth });
    private long _readBytes;
    private int _start;
    private int _end;
    private int _tokenStart;
    private int _tokenEnd;
    private bool _isFinal;

    /// <summary>What the token is.</summary>
    public JsonTokenType Type { get; private set; }

    /// <summary>Moves on to the next token.</summary>
    /// <exception cref="InvalidInputException"><see cref="Defect.ImageManifestInvalid"/> or a limit: it is not JSON, or has ended.</exception>
    public void Read()
    {
        while (!TryRead())
        {
            Fill();
        }
    }

    /// <summary>Moves on, and fails unless the token is of a type.</summary>
    public void Read(JsonTokenType type)
    {
        Read();
        Require(type);
    }

    /// <summary>Fails unless the token is of a type.</summary>
    public void Require(JsonTokenType type)
    {
        if (Type != type)
        {
            throw Invalid($"it has {Type} where {type} belongs");
        }
    }

    /// <summary>Whether there is another property in this object; then the token is its name.</summary>
    public bool ReadProperty()
    {
        Read();
        return Type == JsonTokenType.PropertyName;
    }

    /// <summary>Whether there is another element in this array; then the token is its start.</summary>
    public bool ReadElement()
    {
        Read();
        return Type != JsonTokenType.EndArray;
    }

    /// <summary>The text of the token.</summary>
    public string GetString()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_tokenStart, _tokenEnd - _tokenStart));
        try
        {
            if (Type is JsonTokenType.String or JsonTokenType.PropertyName && reader.Read())
            {
                return reader.GetString()!;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Invalid("a text in it is not Unicode", exception);
        }

        throw Invalid($"it has {Type} where a text belongs");
    }

    /// <summary>Moves on to a text and returns it.</summary>
    public string ReadString()
    {
        Read();
        return GetString();
    }

    /// <summary>Moves on to a number from 0 on and returns it.</summary>
    public long ReadNumber()
    {
        Read(JsonTokenType.Number);
        return Utf8Parser.TryParse(_buffer.AsSpan(_tokenStart, _tokenEnd - _tokenStart), out long number, out var length)
            && length == _tokenEnd - _tokenStart && number >= 0
            ? number
            : throw Invalid("a number in it is negative, broken or too large");
    }

    /// <summary>The bytes that the token gives in Base64, in full.</summary>
    /// <param name="bytes">Takes them.</param>
    public void GetBytes(Span<byte> bytes)
    {
        Require(JsonTokenType.String);
        var text = _buffer.AsSpan(_tokenStart + 1, _tokenEnd - _tokenStart - 2);
        var written = 0;

        // Some programs write a plus as an escape.
        var isRead = text.Contains((byte)'\\')
            ? Convert.TryFromBase64String(GetString(), bytes, out written)
            : Base64.DecodeFromUtf8(text, bytes, out _, out written) == OperationStatus.Done;
        if (!isRead || written != bytes.Length)
        {
            throw Invalid($"a hash in it is not {bytes.Length} bytes in Base64");
        }
    }

    /// <summary>Moves behind the value of a property that means nothing here.</summary>
    public void SkipValue()
    {
        Read();
        for (var depth = DepthChange(); depth > 0; depth += DepthChange())
        {
            Read();
        }
    }

    /// <summary>The exception for a document that is not as it should be.</summary>
    public static InvalidInputException Invalid(string what, Exception? cause = null) =>
        new(Defect.ImageManifestInvalid, $"The image manifest cannot be used: {what}. Convert the packages again to get one.", cause);

    private int DepthChange() => Type switch
    {
        JsonTokenType.StartObject or JsonTokenType.StartArray => 1,
        JsonTokenType.EndObject or JsonTokenType.EndArray => -1,
        _ => 0,
    };

    private bool TryRead()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isFinal, _state);
        try
        {
            if (!reader.Read())
            {
                return _isFinal ? throw Invalid("it ends before its end") : false;
            }
        }
        catch (JsonException exception)
        {
            throw Invalid($"it is not JSON ({exception.Message})", exception);
        }

        Type = reader.TokenType;
        _tokenStart = _start + (int)reader.TokenStartIndex;

        // A property's name: without the colon behind it.
        var quotes = Type is JsonTokenType.PropertyName or JsonTokenType.String ? 2 : 0;
        _tokenEnd = _tokenStart + reader.ValueSpan.Length + quotes;
        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
        return true;
    }

    private void Fill()
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            throw Limit("text", MaximumTokenBytes);
        }

        var count = stream.Read(_buffer, _end, _buffer.Length - _end);
        _isFinal = count == 0;
        _end += count;
        _readBytes += count;
        if (_readBytes > MaximumBytes)
        {
            throw Limit("document", MaximumBytes);
        }
    }

    private static InvalidInputException Limit(string what, long limit) =>
        new(Defect.LimitExceeded, $"The image manifest has a {what} of more than {limit} bytes, which is the limit.");
}
