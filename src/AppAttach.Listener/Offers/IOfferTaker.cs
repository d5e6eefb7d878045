using AppAttach.Listener.Registration;

namespace AppAttach.Listener.Offers;

/// <summary>Registers packages for the user whom this process runs as, with no more than his own rights.</summary>
internal interface IOfferTaker
{
    /// <summary>The user.</summary>
    HostUser User { get; }

    /// <summary>Whether he has a package.</summary>
    bool Has(Offer offer);

    /// <summary>Registers a package for him. Another version of the same family that he has is replaced.</summary>
    /// <exception cref="CommandFailedException">It cannot be; he has what he had.</exception>
    void Take(Offer offer);
}
