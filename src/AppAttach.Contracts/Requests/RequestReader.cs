using System.Text.Json;

namespace AppAttach.Contracts;

/// <summary>Reads requests. Whatever is wrong with one is named at once, each with its place.</summary>
public static class RequestReader
{
    /// <summary>How many rings an assignment may have.</summary>
    public const int MostRings = 20;

    /// <summary>How many maintenance windows an assignment may have.</summary>
    public const int MostWindows = 50;

    private const int LongestId = 128;
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(7);
    private static readonly TimeSpan LongestSoak = TimeSpan.FromDays(30);

    /// <summary>Reads a request from its message.</summary>
    /// <param name="body">The message's body: a CloudEvents envelope.</param>
    /// <returns>The request.</returns>
    /// <exception cref="MessageInvalidException">It is none; the message names everything that is wrong.</exception>
    public static PipelineRequest Read(ReadOnlySpan<byte> body)
    {
        var envelope = Message.ReadEnvelope(body);
        foreach (var verb in Enum.GetValues<RequestVerb>())
        {
            if (envelope.Type == MessageTypes.OfRequest(verb))
            {
                return Read(verb, envelope.Id, envelope.Source, envelope.Data);
            }
        }

        throw new MessageInvalidException(
            $"The queue {BusEntities.Requests} takes {string.Join(", ", Enum.GetValues<RequestVerb>().Select(MessageTypes.OfRequest))}; this is of type {envelope.Type}.");
    }

    /// <summary>Reads a request from its content.</summary>
    /// <param name="verb">What is asked for.</param>
    /// <param name="id">The request's id.</param>
    /// <param name="requestedBy">Who asks.</param>
    /// <param name="data">The content.</param>
    /// <returns>The request.</returns>
    /// <exception cref="MessageInvalidException">It is not as it should be; the message names everything that is wrong.</exception>
    public static PipelineRequest Read(RequestVerb verb, string id, string requestedBy, JsonElement data)
    {
        var problems = new List<string>();
        if (id.Length is 0 or > LongestId || id.Any(char.IsControl))
        {
            problems.Add($"id: it has {id.Length} characters; 1 to {LongestId} without control characters are allowed.");
        }

        if (data.ValueKind != JsonValueKind.Object)
        {
            throw new MessageInvalidException("data: it must be an object.");
        }

        var fields = new RequestFields(data, "data", problems);
        var request = new PipelineRequest { Id = id, Verb = verb, RequestedBy = requestedBy, Reason = fields.Text("reason") };
        request = verb switch
        {
            RequestVerb.Publish => request with
            {
                Source = fields.Address("source"), Name = fields.Text("name"), Digest = fields.Digest("digest"),
            },
            RequestVerb.Assign => request with
            {
                Family = fields.Text("family", isRequired: true), Pool = fields.Text("pool", isRequired: true), Terms = ReadTerms(fields),
            },
            RequestVerb.Unassign => request with { Family = fields.Text("family", isRequired: true), Pool = fields.Text("pool", isRequired: true) },
            RequestVerb.StartRollout => request with { Package = fields.Text("package", isRequired: true), Pool = fields.Text("pool", isRequired: true) },
            RequestVerb.Retire => request with { Package = fields.Text("package", isRequired: true) },
            RequestVerb.Reconcile => request with { Pool = fields.Text("pool"), Host = fields.Text("host") },
            _ => ReadTarget(request, fields),
        };
        return problems.Count == 0 ? request : throw new MessageInvalidException(string.Join(' ', problems));
    }

    private static PipelineRequest ReadTarget(PipelineRequest request, RequestFields fields)
    {
        var read = request with { RolloutId = fields.Text("rolloutId"), Family = fields.Text("family"), Pool = fields.Text("pool") };
        if (read.RolloutId is null && (read.Family is null || read.Pool is null))
        {
            fields.Add("rolloutId, or family and pool, are missing.");
        }

        return read;
    }

    private static AssignmentTerms ReadTerms(RequestFields fields)
    {
        var terms = new AssignmentTerms
        {
            Users = fields.Texts("users"),
            Mode = fields.Choice("mode", RegisterMode.Logon),
            AutoUpdate = fields.Flag("autoUpdate", otherwise: true),
            Rings = fields.Objects("rings", MostRings, ReadRing),
            Gate = fields.Object("gate", ReadGate),
            Windows = fields.Objects("windows", MostWindows, ReadWindow),
        };
        if (terms.Rings.Sum(ring => ring.Percent) > 100)
        {
            fields.Add($"rings have {terms.Rings.Sum(ring => ring.Percent)} percent together; at most 100 are there.");
        }

        foreach (var name in terms.Rings.GroupBy(ring => ring.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            fields.Add($"the ring {name.Key} is there twice.");
        }

        return terms;
    }

    private static RingDefinition ReadRing(RequestFields fields) => new()
    {
        Name = fields.Text("name", isRequired: true) ?? "",
        Percent = fields.Number("percent", 0, 0, 100),
        Hosts = fields.Texts("hosts"),
        Gate = fields.Object("gate", ReadGate),
    };

    private static GateDefinition ReadGate(RequestFields fields) => new()
    {
        MaxFailedPercent = fields.Number("maxFailedPercent", 10, 0, 100),
        MinSucceeded = (int)fields.Number("minSucceeded", 1, 0, int.MaxValue),
        Deadline = fields.Duration("deadline", LongestDeadline),
        Soak = fields.Duration("soak", LongestSoak) ?? TimeSpan.Zero,
        CountsSilent = fields.Flag("countsSilent", otherwise: false),
        CountsUnfit = fields.Flag("countsUnfit", otherwise: false),
    };

    private static MaintenanceWindow ReadWindow(RequestFields fields)
    {
        var zone = fields.Text("timeZone", isRequired: true);
        if (zone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            fields.Add($"timeZone {zone} is not known here; give an IANA name such as Europe/Berlin.");
        }

        var days = new List<DayOfWeek>();
        foreach (var name in fields.Texts("days"))
        {
            if (Array.Find(Enum.GetValues<DayOfWeek>(), day => string.Equals(day.ToString(), name, StringComparison.OrdinalIgnoreCase)) is var day
                && string.Equals(day.ToString(), name, StringComparison.OrdinalIgnoreCase))
            {
                days.Add(day);
            }
            else
            {
                fields.Add($"days has {name}; monday to sunday are known.");
            }
        }

        return new MaintenanceWindow { TimeZone = zone ?? "", Days = days, Start = fields.Time("start"), End = fields.Time("end") };
    }
}
