"""The central platform of the network: takes the ateliers' day sheets in, shares orders out. Shares only `contract` with an atelier."""
