using System.CommandLine;
using AppAttach.Contracts;
using AppAttach.Listener.Commands;
using AppAttach.Listener.Ledger;

namespace AppAttach.Listener.Offers;

/// <summary>The command <c>get</c>, which a user runs himself: lists what is offered to him, or registers one of it for him.</summary>
internal static class GetCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var name = new Argument<string?>("name") { Arity = ArgumentArity.ZeroOrOne, Description = "Which app: what the list calls it, or a package's name or full name; none: lists." };
        var offers = new Option<string?>("--offers") { Description = "Folder of the listener's offers; default: offers in the state folder, or where 'install' puts them." };
        var state = new Option<string?>("--state") { Description = "State folder of the listener." };
        var command = new Command("get", "Lists the apps that are offered to you, or gets you one of them.") { name, offers, state };
        command.SetAction(result =>
        {
            var stateFolder = result.GetValue(state) is { } given ? Path.GetFullPath(given) : null;
            var folder = result.GetValue(offers) ?? (stateFolder is null ? Platform.OffersFolder : Path.Combine(stateFolder, ListenerOptions.OffersFolderName));
            if (folder is null)
            {
                Console.Error.WriteLine("Say where the listener's state folder is: --state FOLDER.");
                return (int)ExitCode.Usage;
            }

            try
            {
                return (int)Run(OfferBook.Read(new DiskLedgerStore(Path.GetFullPath(folder))), Platform.MakeOfferTaker(stateFolder), result.GetValue(name), Console.Out);
            }
            catch (CommandFailedException e)
            {
                Console.Error.WriteLine($"{e.Code}: {e.Message}");
                return (int)ExitCode.Failed;
            }
        });
        return command;
    }

    /// <summary>Lists or gets.</summary>
    /// <param name="offers">Everything that is offered on this machine.</param>
    /// <param name="taker">The user.</param>
    /// <param name="name">What he asks for; null: he asks what there is.</param>
    /// <param name="output">Is told what was done.</param>
    /// <exception cref="CommandFailedException">It cannot be registered.</exception>
    internal static ExitCode Run(IReadOnlyList<Offer> offers, IOfferTaker taker, string? name, TextWriter output)
    {
        var mine = offers.Where(offer => offer.For.Has(taker.User)).ToList();
        if (name is null)
        {
            foreach (var offer in mine)
            {
                output.WriteLine($"{(taker.Has(offer) ? "have" : "    ")} {offer.DisplayName}  {offer.PackageFullName}");
            }

            output.WriteLine(mine.Count == 0 ? "Nothing is offered to you here." : "'get NAME' gets you one of them.");
            return ExitCode.Done;
        }

        var meant = mine.Where(offer => IsMeant(offer, name)).ToList();
        if (meant is not [var one])
        {
            output.WriteLine(
                meant.Count == 0 ? $"No app \"{name}\" is offered to you here; 'get' without a name lists what is."
                : $"\"{name}\" may be any of these; give one's full name: {string.Join(", ", meant.Select(offer => offer.PackageFullName))}.");
            return ExitCode.Failed;
        }

        taker.Take(one);
        output.WriteLine($"You have {one.DisplayName}: {one.PackageFullName}.");
        return ExitCode.Done;
    }

    private static bool IsMeant(Offer offer, string name)
    {
        var parsed = PackageFullName.TryParse(offer.PackageFullName);
        return new[] { offer.DisplayName, offer.PackageFullName, parsed?.Name, parsed?.FamilyName }.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
