using AppAttach.Imaging.Packages;
using AppAttach.Pipeline.Catalog;
using Spectre.Console;

namespace AppAttach.Embedded.Commands;

/// <summary>A report for people: rows of a name and a value, and the notes below them.</summary>
internal sealed class ReportGrid
{
    private readonly Grid _grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();

    /// <summary>Adds a row.</summary>
    /// <param name="name">Its name; empty where it goes on with the row above.</param>
    /// <param name="value">Its value.</param>
    public void Add(string name, string value) => _grid.AddRow(new Text(name), new Text(value));

    /// <summary>Adds a row for an application.</summary>
    /// <param name="name">Name of the row.</param>
    /// <param name="application">The application.</param>
    public void Add(string name, PackageApplication application) =>
        Add(name, $"{application.Id}: {application.Executable ?? "no executable"}{(application.EntryPoint is { } entry ? $" ({entry})" : "")}");

    /// <summary>Adds the rows for a signature.</summary>
    /// <param name="signature">What is said about it.</param>
    public void Add(SignatureReport signature)
    {
        Add("Signature", signature.Verdict);
        foreach (var certificate in signature.Chain)
        {
            Add("", certificate);
        }

        if (signature.SignedAt is { } time)
        {
            Add("Timestamp", $"{time:u}; the certificate was judged as of then");
        }
    }

    /// <summary>Writes rows and notes.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="notes">The notes.</param>
    public void Write(IAnsiConsole console, IReadOnlyList<PackageNote> notes)
    {
        console.Write(_grid);
        foreach (var note in notes)
        {
            console.WriteLine(note.ToString());
        }
    }
}
